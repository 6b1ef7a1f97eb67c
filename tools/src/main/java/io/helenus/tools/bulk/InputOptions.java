package io.helenus.tools.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what is read and how.
final class InputOptions {
    private static final long FIELD_CHARS_DEFAULT = 4 << 20;

    private static final List<String> OF_CSV =
            List.of("--delimiter", "--quote", "--escape", "--max-field", "--header", "--null");

    enum Format {
        CSV,
        JSON
    }

    enum Nulls {
        UNSET,
        DELETE
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Files to read, in this order; '-' is standard input, a directory stands for the"
                            + " files in it. Gzip and Zstandard are recognised by their content.")
    private List<String> inputs = new ArrayList<>();

    private List<String> files = List.of(); // those of the inputs, once they were checked

    @Option(
            names = "--format",
            paramLabel = "csv|json",
            description =
                    "How rows are written: CSV, or JSON objects, one a line or in one array"
                            + " (default: by the first file's name, else csv).")
    private Optional<Format> format = Optional.empty();

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            defaultValue = ",",
            description = "Separates fields of CSV; 'tab' for a tabulator (default: ,).")
    private String delimiter = ",";

    @Option(
            names = "--quote",
            paramLabel = "CHAR",
            defaultValue = "\"",
            description = "Encloses fields of CSV (default: \").")
    private String quote = "\"";

    @Option(
            names = "--escape",
            paramLabel = "CHAR",
            description = "Takes the meaning from the next character (default: quotes double).")
    private Optional<String> escape = Optional.empty();

    @Option(
            names = "--max-field",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description =
                    "Characters that a field of CSV in quotes may have. After as many a quote is taken"
                            + " to be missing: the line with it is rejected, the next one read"
                            + " (default: 4m, or less with little --memory).")
    private Optional<Long> maxField = Optional.empty();

    @Option(
            names = "--comment",
            paramLabel = "CHAR",
            description = "Lines that begin with it are passed over (default: none are).")
    private Optional<String> comment = Optional.empty();

    @Option(
            names = "--header",
            negatable = true,
            description =
                    "Whether each CSV file begins with the names of its columns (default: unless"
                            + " --columns says them).")
    private Optional<Boolean> header = Optional.empty();

    @Option(
            names = "--columns",
            paramLabel = "NAME[,NAME...]",
            parameterConsumer = ColumnNames.class,
            description =
                    "The columns of the fields of CSV in order, '-' for one that is passed over;"
                            + " for JSON, those that are taken.")
    private List<String> columns = new ArrayList<>();

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A field of CSV that is null, without quotes (default: an empty one).")
    private String nullMarker = "";

    @Option(
            names = "--nulls",
            paramLabel = "unset|delete",
            defaultValue = "unset",
            description =
                    "What null does to a column: nothing, or delete what it may hold (default:"
                            + " unset).")
    private Nulls nulls = Nulls.UNSET;

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            defaultValue = "UTF-8",
            description = "(default: ${DEFAULT-VALUE})")
    private String charset = "UTF-8";

    @Option(
            names = "--timestamp-format",
            paramLabel = "PATTERN",
            description = "As in dd.MM.yyyy HH:mm (default: as in CQL).")
    private Optional<String> timestampFormat = Optional.empty();

    @Option(names = "--date-format", paramLabel = "PATTERN", description = "(default: as in CQL)")
    private Optional<String> dateFormat = Optional.empty();

    @Option(names = "--time-format", paramLabel = "PATTERN", description = "(default: as in CQL)")
    private Optional<String> timeFormat = Optional.empty();

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description =
                    "Of timestamps in a --timestamp-format that do not say (default:"
                            + " ${DEFAULT-VALUE}).")
    private String timeZone = "UTC";

    /// Files by name; checked before.
    List<String> inputs() {
        return files;
    }

    List<String> columns() {
        return List.copyOf(columns);
    }

    boolean deletesNulls() {
        return nulls == Nulls.DELETE;
    }

    Format format() {
        return format.orElseGet(() -> {
            String name = files.getFirst().toLowerCase(Locale.ROOT);
            String plain = name.replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
            boolean isJson =
                    plain.endsWith(".json")
                            || plain.endsWith(".jsonl")
                            || plain.endsWith(".ndjson");
            return isJson ? Format.JSON : Format.CSV;
        });
    }

    boolean hasHeader() {
        return format() == Format.CSV && header.orElse(columns.isEmpty());
    }

    /// Says what is wrong with the options, for a command line; called first.
    ///
    /// @throws ParameterException if something is
    void check(Usage usage) throws IOException {
        CsvDialect dialect = dialect(usage);
        Charset _ = charset(usage);
        TimeFormats _ = times(usage);
        files = expand(usage);
        if (format() == Format.JSON) {
            OF_CSV.stream()
                    .filter(this::isGiven)
                    .findFirst()
                    .ifPresent(option -> {
                        throw usage.wrong("%s is of CSV, and the input is JSON".formatted(option));
                    });
        }
        requireOther("--quote", dialect.quote(), dialect, usage);
        requireOther("--escape", dialect.escape(), dialect, usage);
        requireOther("--comment", dialect.comment(), dialect, usage);
        if (dialect.comment() == dialect.quote()) {
            throw usage.wrong("--comment and --quote are both '%s'".formatted(quote));
        }
        if (inputs.stream().filter(Inputs.STANDARD::equals).count() > 1) {
            throw usage.wrong("standard input can be read only once");
        }
    }

    private void requireOther(String option, char c, CsvDialect dialect, Usage usage) {
        if (c == dialect.delimiter()) {
            throw usage.wrong("--delimiter and %s are both '%s'".formatted(option, delimiter));
        }
    }

    private boolean isGiven(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    private List<String> expand(Usage usage) throws IOException {
        List<String> expanded = new ArrayList<>();
        for (String input : inputs) {
            Path path = path(input, usage);
            if (input.equals(Inputs.STANDARD)) {
                expanded.add(input);
            } else if (!Files.isReadable(path)) {
                throw usage.wrong(
                        "--input %s: %s"
                                .formatted(
                                        input,
                                        Files.exists(path)
                                                ? "it cannot be read: permission denied"
                                                : "there is no such file"));
            } else if (Files.isDirectory(path)) {
                expanded.addAll(filesIn(path, usage));
            } else {
                expanded.add(input);
            }
        }
        return List.copyOf(expanded);
    }

    private static Path path(String input, Usage usage) {
        try {
            return Path.of(input);
        } catch (InvalidPathException e) {
            throw usage.wrong("--input %s: %s".formatted(input, e.getReason()));
        }
    }

    private static List<String> filesIn(Path directory, Usage usage) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            List<String> found =
                    all.filter(path -> Files.isRegularFile(path) && !isHidden(path))
                            .sorted()
                            .map(Path::toString)
                            .toList();
            if (found.isEmpty()) {
                throw usage.wrong("--input %s: there are no files in it".formatted(directory));
            }
            return found;
        }
    }

    private static boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    CsvDialect dialect(Usage usage) {
        char quoteChar = character("--quote", quote, usage);
        return new CsvDialect(
                character("--delimiter", delimiter, usage),
                quoteChar,
                escape.map(text -> character("--escape", text, usage)).orElse(quoteChar),
                comment.map(text -> character("--comment", text, usage)).orElse((char) 0),
                nullMarker);
    }

    private static char character(String name, String text, Usage usage) {
        if (text.equalsIgnoreCase("tab") || text.equals("\\t")) {
            return '\t';
        }
        if (text.length() != 1 || text.charAt(0) == '\n' || text.charAt(0) == '\r') {
            throw usage.wrong("%s is '%s', must be one character".formatted(name, text));
        }
        return text.charAt(0);
    }

    Charset charset(Usage usage) {
        try {
            return Charset.forName(charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw usage.wrong("--charset %s is unknown".formatted(charset));
        }
    }

    TimeFormats times(Usage usage) {
        try {
            return new TimeFormats(
                    pattern("--timestamp-format", timestampFormat, usage),
                    pattern("--date-format", dateFormat, usage),
                    pattern("--time-format", timeFormat, usage),
                    ZoneId.of(timeZone));
        } catch (DateTimeException e) {
            throw usage.wrong("--time-zone %s is unknown".formatted(timeZone));
        }
    }

    private static @Nullable DateTimeFormatter pattern(
            String name, Optional<String> pattern, Usage usage) {
        if (pattern.filter(String::isBlank).isPresent()) {
            throw usage.wrong("%s is empty".formatted(name));
        }
        try {
            return pattern.map(TimeFormats::of).orElse(null);
        } catch (IllegalArgumentException e) {
            throw usage.wrong("%s: %s".formatted(name, e.getMessage()));
        }
    }

    long totalBytes() throws IOException {
        long total = 0;
        for (String input : files) {
            if (input.equals(Inputs.STANDARD)) {
                return 0;
            }
            total += Files.size(Path.of(input));
        }
        return total;
    }

    /// @param recordCharsMax the most characters of a record
    /// @throws ParameterException if a field may be longer than that
    int fieldCharsMax(int recordCharsMax, Usage usage) {
        long most = recordCharsMax / 2; // so that a missing quote is found out first
        long chars = maxField.orElse(Math.min(FIELD_CHARS_DEFAULT, most));
        if (chars < 1 || chars > most) {
            throw usage.wrong(
                    "--max-field is %s, must be from 1 to %s, unless --memory is larger"
                            .formatted(chars, most));
        }
        return (int) chars;
    }

    Rows open(
            String input, Inputs opener, InputStream standardInput, int recordCharsMax, Usage usage)
            throws IOException {
        String name = input.equals(Inputs.STANDARD) ? "stdin" : input;
        CsvDialect dialect = dialect(usage);
        Reader reader = null;
        Rows rows = null;
        try {
            reader = opener.open(input, standardInput);
            rows =
                    format() == Format.CSV
                            ? new CsvRows(
                                    name,
                                    reader,
                                    dialect,
                                    fieldCharsMax(recordCharsMax, usage),
                                    recordCharsMax)
                            : new JsonRows(name, reader, dialect.comment(), recordCharsMax);
            return new LocatedRows(name, rows);
        } catch (UnreadableException e) {
            throw new IOException("%s: cannot be read: %s".formatted(name, e.getMessage()), e);
        } finally {
            if (rows == null && reader != null) {
                reader.close();
            }
        }
    }

    /// Makes the exception for a wrong command line.
    @FunctionalInterface
    interface Usage {
        ParameterException wrong(String message);
    }
}
