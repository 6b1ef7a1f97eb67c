package io.helenus.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp;
import org.jspecify.annotations.Nullable;

/// Somebody at a terminal: shows prompts, edits lines, remembers them, and can be asked. Ctrl-C drops
/// the line, or ends the wait for the server; Ctrl-D leaves.
final class InteractiveInput implements Dialog {
    private static final String PROMPT = "cqlsh";
    private static final String MORE = "---MORE---";

    private final Terminal terminal;
    private final LineReader reader;
    private final LineReader asker;
    private Completer completer = NullCompleter.INSTANCE;

    /// @param historyFile null keeps no history beyond this session
    /// @param color whether what is typed is coloured
    InteractiveInput(Terminal terminal, @Nullable Path historyFile, boolean color) {
        this.terminal = terminal;
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("helenus")
                        .parser(new StatementLineParser(true))
                        .completer((line, word, offers) -> completer.complete(line, word, offers))
                        .history(new SecretlessHistory())
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                        .option(LineReader.Option.CASE_INSENSITIVE, true)
                        .variable(LineReader.INDENTATION, 0);
        if (historyFile != null) {
            builder.variable(LineReader.HISTORY_FILE, historyFile);
        }
        if (color) {
            builder.highlighter(new CqlLineHighlighter());
        }
        reader = builder.build();
        asker =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .parser(new StatementLineParser(false))
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .variable(LineReader.DISABLE_HISTORY, true)
                        .build();
    }

    /// The folder of the history file, made if it is missing; null and a warning if that fails.
    static @Nullable Path prepareHistory(Path file, Output output) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return file;
        } catch (IOException e) {
            output.notice(
                    "Warning: Cannot create directory at `%s`. Command history will not be saved."
                            .formatted(folder));
            return null;
        }
    }

    void completeWith(Completer newCompleter) {
        completer = newCompleter;
    }

    void run(Interpreter interpreter, ClientHolder holder, Output output) {
        Thread shellThread = Thread.currentThread();
        Terminal.SignalHandler before =
                terminal.handle(Terminal.Signal.INT, _ -> shellThread.interrupt());
        try {
            boolean goOn = true;
            while (goOn) {
                goOn = runOnce(interpreter, holder, output);
            }
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
            save(output);
        }
    }

    private boolean runOnce(Interpreter interpreter, ClientHolder holder, Output output) {
        String text;
        try {
            text = read(holder);
        } catch (UserInterruptException _) {
            return true;
        } catch (EndOfFileException e) {
            output.say("");
            output.flush();
            return false;
        }
        try {
            for (StatementCutter.Piece piece : StatementCutter.cut(text + "\n").complete()) {
                if (!interpreter.run(piece.text(), null)) {
                    return false;
                }
            }
        } catch (InterruptedException _) {
            output.flush();
            output.notice("Interrupted; the server may still be at it.");
        }
        return true;
    }

    private String read(ClientHolder holder) {
        String user = holder.target().username();
        String keyspace = holder.client().keyspace();
        String prompt =
                (user == null ? "" : user + "@")
                        + PROMPT
                        + (keyspace == null ? "" : ":" + keyspace);
        String more = keyspace == null ? "   ... " : " ".repeat(keyspace.length()) + "    ... ";
        reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, more);
        return reader.readLine(prompt + "> ");
    }

    /// The prompt of a statement's further lines.
    static String continuation(@Nullable String keyspace) {
        return keyspace == null ? "   ... " : " ".repeat(keyspace.length()) + "    ... ";
    }

    private void save(Output output) {
        try {
            reader.getHistory().save();
        } catch (IOException e) {
            output.notice("Warning: the history could not be saved: " + e.getMessage());
        }
    }

    @Override
    public @Nullable String password(String prompt) {
        try {
            return asker.readLine(prompt, '\0');
        } catch (UserInterruptException | EndOfFileException _) {
            return null;
        }
    }

    @Override
    public boolean more() {
        try {
            asker.readLine(MORE, '\0');
            return true;
        } catch (UserInterruptException | EndOfFileException _) {
            return false;
        }
    }

    @Override
    public void clear() {
        terminal.puts(InfoCmp.Capability.clear_screen);
        terminal.flush();
    }

    @Override
    public List<String> history() {
        List<String> lines = new ArrayList<>();
        for (History.Entry entry : reader.getHistory()) {
            lines.add(entry.line());
        }
        return lines;
    }
}
