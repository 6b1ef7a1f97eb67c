package io.helenus.gossip.snitch;

import io.helenus.gossip.Location;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What `cassandra-rackdc.properties` says.
///
/// | line                  | meaning                                                              |
/// |-----------------------|----------------------------------------------------------------------|
/// | `dc=NAME`             | the node's data centre; required                                     |
/// | `rack=NAME`           | its rack; required                                                   |
/// | `prefer_local=true`   | talk to nodes of the data centre at their internal addresses         |
/// | `# text`, `! text`    | a comment; empty lines count as one, too                             |
///
/// `:` may stand for `=`, and blanks around names and values do not count. Anything else is an
/// error with the file's name and the line: a misspelt rack is found here or when data is already
/// misplaced.
public record RackDcProperties(Location location, boolean preferLocal) {
    private static final String DC = "dc";
    private static final String RACK = "rack";
    private static final String PREFER_LOCAL = "prefer_local";
    private static final List<String> NAMES = List.of(DC, RACK, PREFER_LOCAL);
    private static final List<String> OF_CLOUDS =
            List.of("dc_suffix", "ec2_naming_scheme", "azure_api_version", "metadata_url");

    /// The file makes no sense; the message names it and the line.
    public static final class InvalidException extends RuntimeException {
        private static final long serialVersionUID = 1;

        InvalidException(String file, int line, String what) {
            super("%s, line %d: %s".formatted(file, line, what));
        }

        InvalidException(String file, String what) {
            super("%s: %s".formatted(file, what));
        }
    }

    /// @param file how the text is called in errors
    public static RackDcProperties parse(String file, String text) {
        Map<String, String> values = new TreeMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
                continue;
            }
            int at = separator(line);
            if (at < 0) {
                throw new InvalidException(file, i + 1, "'" + line + "' is not NAME=VALUE");
            }
            String name = line.substring(0, at).strip();
            String value = line.substring(at + 1).strip();
            check(file, i + 1, name, value);
            if (values.put(name, value) != null) {
                throw new InvalidException(file, i + 1, name + " is there twice");
            }
        }
        Location location = new Location(required(file, values, DC), required(file, values, RACK));
        return new RackDcProperties(
                location, Boolean.parseBoolean(values.getOrDefault(PREFER_LOCAL, "false")));
    }

    private static int separator(String line) {
        int equals = line.indexOf('=');
        int colon = line.indexOf(':');
        return equals < 0 || colon >= 0 && colon < equals ? colon : equals;
    }

    private static void check(String file, int line, String name, String value) {
        if (OF_CLOUDS.contains(name)) {
            throw new InvalidException(
                    file, line, name + " is for the snitches of clouds, which are not supported");
        }
        if (!NAMES.contains(name)) {
            throw new InvalidException(
                    file, line, "unknown name '%s', known are %s".formatted(name, NAMES));
        }
        if (value.isEmpty()) {
            throw new InvalidException(file, line, name + " has no value");
        }
        if (value.indexOf('\\') >= 0) {
            throw new InvalidException(
                    file, line, "the value of " + name + " has a backslash: escapes are not read");
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (name.equals(PREFER_LOCAL) && !lower.equals("true") && !lower.equals("false")) {
            throw new InvalidException(
                    file, line, "prefer_local is '" + value + "', must be true or false");
        }
    }

    private static String required(String file, Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new InvalidException(file, name + " is missing");
        }
        return value;
    }
}
