package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a request wants: the members of its JSON body and the parameters of its query, together.
/// Immutable; read by the admin threads.
public final class AdminRequest {
    private final Json.Members parameters;

    AdminRequest(Json.Members parameters) {
        this.parameters = parameters;
    }

    /// @throws AdminException if there is a parameter of another name
    void requireOnly(Set<String> known) {
        for (String name : parameters.values().keySet()) {
            if (!known.contains(name)) {
                String wanted =
                        known.isEmpty()
                                ? "this path takes none"
                                : "this path takes "
                                        + String.join(", ", known.stream().sorted().toList());
                throw AdminException.invalid("unknown parameter '%s': %s".formatted(name, wanted));
            }
        }
    }

    /// A text that may be left out.
    public Optional<String> text(String name) {
        return switch (parameters.get(name)) {
            case null -> Optional.empty();
            case Json.Nothing _ -> Optional.empty();
            case Json.Text(String value) -> Optional.of(value);
            case Json other -> throw wrong(name, "a text", other);
        };
    }

    /// A text that must be there.
    public String requiredText(String name) {
        return text(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(
                        () -> AdminException.invalid("parameter '%s' is missing".formatted(name)));
    }

    /// A list of texts; in a query, separated by commas. Empty if it is left out.
    public List<String> texts(String name) {
        return switch (parameters.get(name)) {
            case null -> List.of();
            case Json.Nothing _ -> List.of();
            case Json.Text(String value) when value.isEmpty() -> List.of();
            case Json.Text(String value) -> List.of(value.split(","));
            case Json.Items(List<Json> items) ->
                    items.stream().map(item -> itemOf(name, item)).toList();
            case Json other -> throw wrong(name, "a list of texts", other);
        };
    }

    private static String itemOf(String name, Json item) {
        if (item instanceof Json.Text(String value)) {
            return value;
        }
        throw wrong(name, "a list of texts", item);
    }

    /// False if it is left out.
    public boolean flag(String name) {
        return switch (parameters.get(name)) {
            case null -> false;
            case Json.Bool(boolean value) -> value;
            case Json.Text(String value) when value.equals("true") || value.isEmpty() -> true;
            case Json.Text(String value) when value.equals("false") -> false;
            case Json other -> throw wrong(name, "true or false", other);
        };
    }

    /// A whole number that may be left out.
    public Optional<Long> whole(String name) {
        return switch (parameters.get(name)) {
            case null -> Optional.empty();
            case Json.Whole(long value) -> Optional.of(value);
            case Json.Text(String value) when value.matches("-?[0-9]{1,18}") ->
                    Optional.of(Long.parseLong(value));
            case Json other -> throw wrong(name, "a whole number", other);
        };
    }

    private static AdminException wrong(String name, String wanted, Json given) {
        return AdminException.invalid(
                "parameter '%s' is %s, must be %s".formatted(name, given.text(), wanted));
    }
}
