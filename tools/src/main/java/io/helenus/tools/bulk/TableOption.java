package io.helenus.tools.bulk;

import io.helenus.cql.CqlWords;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A table, by its names as they are stored. On a command line it is written as in CQL: names without
/// double quotes are in lower case, whatever they look like.
record TableOption(String keyspace, String name) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<keyspace>NAME)\\.(?<name>NAME)"
                            .replace("NAME", "[A-Za-z][A-Za-z0-9_]*|\"(?:[^\"]|\"\")+\""));

    static final class Converter implements ITypeConverter<TableOption> {
        @Override
        public TableOption convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'%s' is not of the form keyspace.table; a name that is case-sensitive is in double quotes, as in 'shop.\"Items\"'"
                                .formatted(text));
            }
            return new TableOption(
                    stored(matcher.group("keyspace")), stored(matcher.group("name")));
        }
    }

    /// A name as it is stored, of one that is written in CQL.
    static String stored(String written) {
        boolean isQuoted =
                written.length() > 2 && written.startsWith("\"") && written.endsWith("\"");
        return isQuoted
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written.toLowerCase(Locale.ROOT);
    }

    /// As a word of a shell's command line.
    String argument() {
        String text = toString();
        return text.indexOf('"') < 0 ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /// What files are named by that belong to it.
    String fileName() {
        return keyspace + "." + name;
    }

    @Override
    public String toString() {
        return CqlWords.identifier(keyspace) + "." + CqlWords.identifier(name);
    }
}
