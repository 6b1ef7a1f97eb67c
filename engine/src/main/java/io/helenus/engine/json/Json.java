package io.helenus.engine.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A JSON value. Written with [#text], read with [#parse]. Immutable but for [Members], which is
/// filled by whoever makes it.
public sealed interface Json {

    record Text(String value) implements Json {}

    /// A whole number.
    record Whole(long value) implements Json {}

    /// Any other number; finite.
    record Real(double value) implements Json {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(value + " cannot be written in JSON");
            }
        }
    }

    record Bool(boolean value) implements Json {}

    /// `null`.
    record Nothing() implements Json {}

    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }

        public static Items ofTexts(Collection<String> texts) {
            return new Items(texts.stream().map(text -> (Json) new Text(text)).toList());
        }
    }

    /// An object; its members keep their order.
    final class Members implements Json {
        private final SequencedMap<String, Json> values = new LinkedHashMap<>();

        public Members put(String name, Json value) {
            values.put(name, value);
            return this;
        }

        /// A text, or `null`.
        public Members put(String name, @Nullable String value) {
            return put(name, value == null ? new Nothing() : new Text(value));
        }

        public Members put(String name, long value) {
            return put(name, new Whole(value));
        }

        public Members put(String name, double value) {
            return put(name, new Real(value));
        }

        public Members put(String name, boolean value) {
            return put(name, new Bool(value));
        }

        public Members putTexts(String name, Collection<String> values) {
            return put(name, Items.ofTexts(values));
        }

        public Map<String, Json> values() {
            return values;
        }

        public @Nullable Json get(String name) {
            return values.get(name);
        }

        /// The text of a member; empty if it is missing or `null`.
        public String text(String name) {
            return switch (values.get(name)) {
                case Text text -> text.value();
                case null -> "";
                case Nothing _ -> "";
                case Json other -> other.text();
            };
        }

        /// The number of a member; 0 if it is missing or no number.
        public long whole(String name) {
            return switch (values.get(name)) {
                case Whole whole -> whole.value();
                case Real real -> (long) real.value();
                case null, default -> 0;
            };
        }

        public double real(String name) {
            return switch (values.get(name)) {
                case Whole whole -> whole.value();
                case Real real -> real.value();
                case null, default -> 0;
            };
        }

        public boolean bool(String name) {
            return values.get(name) instanceof Bool bool && bool.value();
        }

        /// The elements of a member; none if it is missing.
        public List<Json> items(String name) {
            return values.get(name) instanceof Items items ? items.values() : List.of();
        }

        /// The elements of a member that are objects.
        public List<Members> objects(String name) {
            List<Members> objects = new ArrayList<>();
            for (Json item : items(name)) {
                if (item instanceof Members members) {
                    objects.add(members);
                }
            }
            return objects;
        }

        /// The elements of a member as texts.
        public List<String> texts(String name) {
            return items(name).stream().map(JsonText::plain).toList();
        }

        /// A member that is an object; an empty one if it is missing.
        public Members object(String name) {
            return values.get(name) instanceof Members members ? members : new Members();
        }

        @Override
        public String toString() {
            return text();
        }
    }

    static Members object() {
        return new Members();
    }

    /// The value as it is sent, without blanks.
    default String text() {
        return JsonText.write(this);
    }

    /// The value for people, indented by two.
    default String prettyText() {
        return JsonText.writePretty(this);
    }

    /// Appends a text as JSON, in its quotes: for those who write JSON without making objects of it.
    static void quote(StringBuilder out, String text) {
        JsonText.quote(out, text);
    }

    /// @throws IllegalArgumentException that says where it is no JSON
    static Json parse(String text) {
        return JsonText.parse(text);
    }
}
