package io.helenus.cql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The tables of statements.
final class Statements {
    private static final String MESSAGE_MARK = " ## ";

    private Statements() {}

    record Rejected(String cql, String message) {}

    static List<String> accepted() {
        return lines("accepted.cql");
    }

    static List<Rejected> rejected() {
        return lines("rejected.cql").stream().map(Statements::rejected).toList();
    }

    private static Rejected rejected(String line) {
        int mark = line.lastIndexOf(MESSAGE_MARK);
        return new Rejected(line.substring(0, mark), line.substring(mark + MESSAGE_MARK.length()));
    }

    private static List<String> lines(String resource) {
        try (InputStream in =
                Objects.requireNonNull(Statements.class.getResourceAsStream(resource), resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
