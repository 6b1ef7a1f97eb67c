package io.helenus.shell;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;

/// The world outside: streams, environment variables, folders, terminal and clock.
///
/// @param inputIsTerminal whether somebody types the input: then there are prompts
/// @param outputIsTerminal whether somebody looks at the output: then there are colours
/// @param terminals opens the terminal, called at most once and only for an interactive session
public record ShellEnvironment(
        InputStream in,
        OutputStream out,
        OutputStream err,
        Map<String, String> variables,
        Path home,
        Path workingDirectory,
        boolean inputIsTerminal,
        boolean outputIsTerminal,
        TerminalFactory terminals,
        LongSupplier nanoTime,
        Pause pause) {
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    public ShellEnvironment {
        variables = Map.copyOf(variables);
    }

    /// Opens the terminal of an interactive session.
    @FunctionalInterface
    public interface TerminalFactory {
        Terminal open(Charset encoding) throws IOException;
    }

    /// Lets time pass.
    @FunctionalInterface
    public interface Pause {
        void sleep(long nanos) throws InterruptedException;
    }

    /// This process.
    public static ShellEnvironment ofProcess() {
        // Only if both input and output are one.
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new ShellEnvironment(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of("").toAbsolutePath(),
                terminal,
                terminal,
                encoding -> terminal ? systemTerminal(encoding) : streamTerminal(encoding),
                System::nanoTime,
                ShellEnvironment::park);
    }

    private static Terminal systemTerminal(Charset encoding) throws IOException {
        // Without a question to the terminal, whose late answer would look as if it were typed.
        Terminal terminal =
                TerminalBuilder.builder()
                        .system(true)
                        .graphemeCluster(false)
                        .encoding(encoding)
                        .build();
        if (terminal.getSize().getColumns() <= 0 || terminal.getSize().getRows() <= 0) {
            terminal.setSize(Size.of(COLUMNS, ROWS)); // of a window that nobody has sized
        }
        return terminal;
    }

    /// For `--tty` without a terminal: prompts and answers through the plain streams.
    private static Terminal streamTerminal(Charset encoding) throws IOException {
        return new DumbTerminal(
                "helenus",
                Terminal.TYPE_DUMB,
                System.in,
                new FileOutputStream(FileDescriptor.out),
                encoding);
    }

    private static void park(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
