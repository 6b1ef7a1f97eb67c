package io.helenus.shell;

import io.helenus.cql.CqlParser;
import io.helenus.cql.CqlWords;
import io.helenus.cql.Expected;
import io.helenus.shell.StatementCutter.Cut;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/// What Tab offers: the words that the grammar allows at the cursor, and names that the server knows.
final class CqlCompleter implements Completer {
    private static final String NAME = "(\"(?:[^\"]|\"\")*\"|\\w+)";
    private static final Pattern KEYSPACE_AND_DOT = Pattern.compile(NAME + "\\.\\s*$");
    private static final Pattern BEFORE_TABLE =
            Pattern.compile(
                    "\\b(FROM|INTO|UPDATE|TABLE|TRUNCATE|ON|VIEW|COLUMNFAMILY)\\s+$",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern BEFORE_KEYSPACE =
            Pattern.compile("\\b(USE|KEYSPACE)\\s+$", Pattern.CASE_INSENSITIVE);
    private static final Pattern TABLE =
            Pattern.compile(
                    "\\b(?:FROM|INTO|UPDATE)\\s+(?:" + NAME + "\\s*\\.\\s*)?" + NAME,
                    Pattern.CASE_INSENSITIVE);

    private static final List<String> LEVELS =
            List.of(
                    "ALL",
                    "ANY",
                    "EACH_QUORUM",
                    "LOCAL_ONE",
                    "LOCAL_QUORUM",
                    "LOCAL_SERIAL",
                    "ONE",
                    "QUORUM",
                    "SERIAL",
                    "THREE",
                    "TWO");

    private final ClientHolder holder;
    private final SchemaNames names;

    CqlCompleter(ClientHolder holder, SchemaNames names) {
        this.holder = holder;
        this.names = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String text = line.line();
        int wordStart = line.cursor() - line.wordCursor();
        Cut before = StatementCutter.cut(text.substring(0, wordStart));
        try {
            for (String word : offers(before.rest(), text)) {
                candidates.add(new Candidate(word));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param before the statement up to the word
    /// @param text everything typed, for the table that may stand after the cursor
    List<String> offers(String before, String text) throws InterruptedException {
        List<String> offers = new ArrayList<>();
        if (before.isBlank()) {
            offers.addAll(LineCommands.all());
            addWords(offers, CqlParser.expectedAfter(""));
            return offers;
        }
        if (LineCommands.contains(CommandParser.firstWord(before))) {
            offers.addAll(arguments(before));
            return offers;
        }
        Matcher qualified = KEYSPACE_AND_DOT.matcher(before);
        if (qualified.find()) {
            addNames(offers, names.tables(internal(qualified.group(1))));
            return offers;
        }
        Expected expected = CqlParser.expectedAfter(before);
        addWords(offers, expected);
        if (BEFORE_KEYSPACE.matcher(before).find()) {
            addNames(offers, names.keyspaces());
        } else if (BEFORE_TABLE.matcher(before).find()) {
            addTables(offers);
        } else if (expected.name()) {
            addNames(offers, columns(text));
        }
        return offers;
    }

    /// Words, but no symbols: those are typed as fast as they are chosen.
    private static void addWords(List<String> offers, Expected expected) {
        for (String word : expected.words()) {
            if (Character.isLetter(word.charAt(0))) {
                offers.add(word);
            }
        }
    }

    /// What may follow the first word of a command.
    private List<String> arguments(String before) throws InterruptedException {
        String words = before.strip().toUpperCase(Locale.ROOT);
        return switch (words) {
            case "HELP", "?" -> HelpTexts.commands();
            case "EXPAND", "TRACING", "PAGING" -> List.of("ON", "OFF");
            case "CAPTURE" -> List.of("OFF");
            case "SHOW" -> List.of("HOST", "SESSION", "VERSION");
            case "SERIAL" -> List.of("CONSISTENCY");
            case "CONSISTENCY" -> LEVELS;
            case "SERIAL CONSISTENCY" -> List.of("LOCAL_SERIAL", "SERIAL");
            default -> describable(words);
        };
    }

    private List<String> describable(String words) throws InterruptedException {
        String[] parts = words.split("\\s+", -1);
        boolean describe = parts[0].equals("DESC") || parts[0].equals("DESCRIBE");
        if (!describe || parts.length > 2) {
            return List.of();
        }
        List<String> offers = new ArrayList<>();
        if (parts.length == 1) {
            offers.addAll(
                    List.of(
                            "AGGREGATE",
                            "AGGREGATES",
                            "CLUSTER",
                            "FULL",
                            "FUNCTION",
                            "FUNCTIONS",
                            "INDEX",
                            "KEYSPACE",
                            "KEYSPACES",
                            "MATERIALIZED",
                            "SCHEMA",
                            "TABLE",
                            "TABLES",
                            "TYPE",
                            "TYPES"));
            addTables(offers);
        } else if (parts[1].equals("KEYSPACE")) {
            addNames(offers, names.keyspaces());
        } else if (parts[1].equals("TABLE")) {
            addTables(offers);
        } else if (parts[1].equals("FULL")) {
            offers.add("SCHEMA");
        } else if (parts[1].equals("MATERIALIZED")) {
            offers.add("VIEW");
        }
        return offers;
    }

    /// Tables of the keyspace in use, and keyspaces, as a table's name may begin with one.
    private void addTables(List<String> offers) throws InterruptedException {
        String keyspace = holder.client().keyspace();
        if (keyspace != null) {
            addNames(offers, names.tables(keyspace));
        }
        addNames(offers, names.keyspaces());
    }

    private Collection<String> columns(String text) throws InterruptedException {
        Matcher table = TABLE.matcher(text);
        if (!table.find()) {
            return List.of();
        }
        @Nullable String qualifier = table.group(1);
        String keyspace = qualifier == null ? holder.client().keyspace() : internal(qualifier);
        return keyspace == null
                ? List.of()
                : names.columns(keyspace, internal(table.group(2))).keySet();
    }

    private static void addNames(List<String> offers, Collection<String> found) {
        found.forEach(name -> offers.add(CqlWords.identifier(name)));
    }

    /// A name as the server keeps it.
    private static String internal(String name) {
        return name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name.toLowerCase(Locale.ROOT);
    }
}
