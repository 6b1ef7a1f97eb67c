package io.helenus.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `helenus version`.
final class VersionCommand implements Command {
    private static final String RESOURCE = "version.txt";
    private static final ArgumentParser PARSER =
            new ArgumentParser("version", "Prints the version.", List.of());

    @Override
    public int run(List<String> arguments, Context context) throws UsageException {
        if (PARSER.parse(arguments).help()) {
            context.out().print(PARSER.help());
            return DONE;
        }
        context.out().println("Helenus %s (Java %s)".formatted(number(), Runtime.version()));
        return DONE;
    }

    private static String number() {
        try (InputStream in = VersionCommand.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
