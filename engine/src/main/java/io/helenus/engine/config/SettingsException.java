package io.helenus.engine.config;

import java.util.List;

/// Settings that a node cannot start with. The message has one line for each thing that is wrong.
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    SettingsException(String problem) {
        this(List.of(problem));
    }

    /// What is wrong; each names the setting, the value, the limits and where it stood.
    public List<String> problems() {
        return problems;
    }
}
