package io.helenus.shell;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.helenus.shell.Command.CaptureOff;
import io.helenus.shell.Command.CaptureState;
import io.helenus.shell.Command.CaptureTo;
import io.helenus.shell.Command.Clear;
import io.helenus.shell.Command.Consistency;
import io.helenus.shell.Command.Describe;
import io.helenus.shell.Command.Exit;
import io.helenus.shell.Command.Expand;
import io.helenus.shell.Command.Help;
import io.helenus.shell.Command.History;
import io.helenus.shell.Command.Login;
import io.helenus.shell.Command.Paging;
import io.helenus.shell.Command.SerialConsistency;
import io.helenus.shell.Command.ShowHost;
import io.helenus.shell.Command.ShowSession;
import io.helenus.shell.Command.ShowVersion;
import io.helenus.shell.Command.Source;
import io.helenus.shell.Command.Statement;
import io.helenus.shell.Command.Tracing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One statement's text to a [Command]. The first word decides; what is no command of the shell is
/// for the server to judge.
final class CommandParser {
    /// A string in quotes (a quote inside is doubled), or anything up to the next blank.
    private static final Pattern WORD =
            Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[^\\s;'\"]+");

    private CommandParser() {}

    static Command parse(String text) throws CommandException {
        String first = firstWord(text);
        return switch (first) {
            case "HELP", "?" -> new Help(words(text));
            case "DESCRIBE", "DESC" -> describe(first, text);
            case "CONSISTENCY" -> new Consistency(level(first, words(text)));
            case "SERIAL" -> serial(words(text));
            case "PAGING" -> paging(words(text));
            case "EXPAND" -> new Expand(onOff(first, words(text)));
            case "TRACING" -> new Tracing(onOff(first, words(text)));
            case "SHOW" -> show(words(text));
            case "SOURCE" -> new Source(string(first, words(text)));
            case "CAPTURE" -> capture(words(text));
            case "CLEAR", "CLS" -> none(first, words(text), new Clear());
            case "EXIT", "QUIT" -> none(first, words(text), new Exit());
            case "HISTORY" -> history(words(text));
            case "LOGIN" -> login(words(text));
            case "COPY" ->
                    throw new CommandException(
                            "COPY is not in this shell: use `helenus bulk import` and"
                                    + " `helenus bulk export` instead.");
            case "DEBUG", "UNICODE" -> throw new CommandException(first + " is not in this shell.");
            default -> new Statement(text);
        };
    }

    /// The first word in upper case, or an empty text.
    static String firstWord(String text) {
        Matcher matcher = WORD.matcher(text);
        return matcher.find() ? matcher.group().toUpperCase(Locale.ROOT) : "";
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words.subList(Math.min(1, words.size()), words.size());
    }

    private static Command describe(String first, String text) throws CommandException {
        List<String> words = words(text);
        if (words.isEmpty()) {
            throw improper(first, "say what to describe; see HELP DESCRIBE");
        }
        return new Describe(text, words.getFirst().toLowerCase(Locale.ROOT));
    }

    private static Command serial(List<String> words) throws CommandException {
        if (words.isEmpty() || !words.getFirst().equalsIgnoreCase("CONSISTENCY")) {
            throw improper("SERIAL", "it is SERIAL CONSISTENCY [level]");
        }
        ConsistencyLevel level = level("SERIAL CONSISTENCY", words.subList(1, words.size()));
        if (level != null && !level.isSerial()) {
            throw improper("SERIAL CONSISTENCY", "the level is SERIAL or LOCAL_SERIAL");
        }
        return new SerialConsistency(level);
    }

    private static @Nullable ConsistencyLevel level(String command, List<String> words)
            throws CommandException {
        if (words.isEmpty()) {
            return null;
        }
        String name = words.getFirst().toUpperCase(Locale.ROOT);
        for (DefaultConsistencyLevel level : DefaultConsistencyLevel.values()) {
            if (words.size() == 1 && level.name().equals(name)) {
                return level;
            }
        }
        String levels =
                Arrays.stream(DefaultConsistencyLevel.values())
                        .map(Enum::name)
                        .collect(Collectors.joining(", "));
        throw improper(
                command, "'" + String.join(" ", words) + "' is no level; there are " + levels);
    }

    private static Command paging(List<String> words) throws CommandException {
        if (words.size() == 1 && words.getFirst().matches("[0-9]+")) {
            int size = number("PAGING", words.getFirst());
            if (size == 0) {
                throw improper("PAGING", "a page has at least one row; PAGING OFF disables it");
            }
            return new Paging(true, size);
        }
        return new Paging(onOff("PAGING", words), null);
    }

    private static @Nullable Boolean onOff(String command, List<String> words)
            throws CommandException {
        if (words.isEmpty()) {
            return null;
        }
        if (words.size() == 1 && words.getFirst().equalsIgnoreCase("ON")) {
            return true;
        }
        if (words.size() == 1 && words.getFirst().equalsIgnoreCase("OFF")) {
            return false;
        }
        throw improper(
                command,
                "'%s' is neither ON nor OFF%s"
                        .formatted(
                                String.join(" ", words),
                                command.equals("PAGING") ? " nor a number of rows" : ""));
    }

    private static Command show(List<String> words) throws CommandException {
        String what = words.isEmpty() ? "" : words.getFirst().toUpperCase(Locale.ROOT);
        if (what.equals("VERSION") && words.size() == 1) {
            return new ShowVersion();
        }
        if (what.equals("HOST") && words.size() == 1) {
            return new ShowHost();
        }
        if (what.equals("SESSION") && words.size() == 2) {
            try {
                return new ShowSession(UUID.fromString(words.get(1)));
            } catch (IllegalArgumentException e) {
                throw improper("SHOW SESSION", "'" + words.get(1) + "' is no session id");
            }
        }
        if (what.equals("REPLICAS")) {
            throw new CommandException(
                    "SHOW REPLICAS is not in this shell: use `helenus node getendpoints` instead.");
        }
        throw improper("SHOW", "it is SHOW VERSION, SHOW HOST or SHOW SESSION id");
    }

    private static Command capture(List<String> words) throws CommandException {
        if (words.isEmpty()) {
            return new CaptureState();
        }
        if (words.size() == 1 && words.getFirst().equalsIgnoreCase("OFF")) {
            return new CaptureOff();
        }
        return new CaptureTo(string("CAPTURE", words));
    }

    private static Command history(List<String> words) throws CommandException {
        if (words.isEmpty()) {
            return new History(null);
        }
        if (words.size() == 1 && words.getFirst().matches("[0-9]+")) {
            return new History(number("HISTORY", words.getFirst()));
        }
        throw improper("HISTORY", "'" + String.join(" ", words) + "' is no number");
    }

    private static Command login(List<String> words) throws CommandException {
        if (words.isEmpty() || words.size() > 2) {
            throw improper("LOGIN", "it is LOGIN user ['password']");
        }
        return new Login(
                unquote(words.getFirst()), words.size() == 2 ? unquote(words.get(1)) : null);
    }

    private static String string(String command, List<String> words) throws CommandException {
        if (words.size() != 1 || !words.getFirst().startsWith("'")) {
            throw improper(command, "the file name stands in single quotes");
        }
        return unquote(words.getFirst());
    }

    private static Command none(String command, List<String> words, Command parsed)
            throws CommandException {
        if (!words.isEmpty()) {
            throw improper(command, "nothing follows it");
        }
        return parsed;
    }

    private static int number(String command, String digits) throws CommandException {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw improper(command, digits + " is more than " + Integer.MAX_VALUE);
        }
    }

    private static String unquote(String word) {
        char quote = word.charAt(0);
        if (quote != '\'' && quote != '"') {
            return word;
        }
        String doubled = String.valueOf(quote).repeat(2);
        return word.substring(1, word.length() - 1).replace(doubled, String.valueOf(quote));
    }

    private static CommandException improper(String command, String why) {
        return new CommandException("Improper " + command + " command: " + why + ".");
    }
}
