package io.helenus.tools;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the options of one command: `--name VALUE` or `--name=VALUE`, in any order, and between them
/// what it is about.
final class ArgumentParser {

    /// An option with a value.
    ///
    /// @param label of the value; empty if it has none
    /// @param repeats whether it may be given more than once
    record Option(String name, String label, String description, boolean repeats) {
        Option(String name, String label, String description) {
            this(name, label, description, false);
        }

        boolean hasValue() {
            return !label.isEmpty();
        }
    }

    /// What was given.
    ///
    /// @param operands arguments that are no options, as many as there are labels
    /// @param help whether help was asked for instead
    record Parsed(Map<String, List<String>> values, List<String> operands, boolean help) {

        /// The value of an option that does not repeat.
        Optional<String> value(String name) {
            return values(name).stream().findFirst();
        }

        boolean has(String name) {
            return values.containsKey(name);
        }

        List<String> values(String name) {
            return values.getOrDefault(name, List.of());
        }
    }

    private final String command;
    private final String description;
    private final List<Option> options;
    private final List<String> operandLabels;

    ArgumentParser(String command, String description, List<Option> options) {
        this(command, description, options, List.of());
    }

    /// @param operandLabels of the arguments that are no options; all are needed
    ArgumentParser(
            String command, String description, List<Option> options, List<String> operandLabels) {
        this.command = command;
        this.description = description;
        this.options = List.copyOf(options);
        this.operandLabels = List.copyOf(operandLabels);
    }

    /// @throws UsageException if there is an unknown option, a missing value or one too many
    Parsed parse(List<String> arguments) throws UsageException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> operands = new ArrayList<>();
        int at = 0;
        while (at < arguments.size()) {
            String argument = arguments.get(at++);
            if (argument.equals("-h") || argument.equals("--help")) {
                return new Parsed(Map.of(), List.of(), true);
            }
            if (!argument.startsWith("-") && operands.size() < operandLabels.size()) {
                operands.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Option option = option(name, argument);
            String value;
            if (!option.hasValue()) {
                if (equals >= 0) {
                    throw new UsageException("%s takes no value".formatted(name));
                }
                value = "";
            } else if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (at < arguments.size() && !arguments.get(at).startsWith("--")) {
                value = arguments.get(at++);
            } else {
                throw new UsageException("%s needs a value: %s".formatted(name, option.label()));
            }
            List<String> given = values.computeIfAbsent(name, _ -> new ArrayList<>());
            if (!given.isEmpty() && !option.repeats()) {
                throw new UsageException("%s is given twice".formatted(name));
            }
            given.add(value);
        }
        if (operands.size() < operandLabels.size()) {
            throw new UsageException("%s is missing".formatted(operandLabels.get(operands.size())));
        }
        return new Parsed(values, operands, false);
    }

    private Option option(String name, String argument) throws UsageException {
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        throw new UsageException(
                argument.startsWith("-")
                        ? "unknown option '%s'".formatted(name)
                        : "unexpected argument '%s'".formatted(argument));
    }

    String help() {
        StringBuilder text = new StringBuilder(1_000);
        text.append(
                "Usage: helenus %s%s [OPTION]...%n%s%n%nOptions:%n"
                        .formatted(
                                command,
                                operandLabels.isEmpty()
                                        ? ""
                                        : " " + String.join(" ", operandLabels),
                                description));
        for (Option option : options) {
            String syntax = (option.name() + " " + option.label()).strip();
            text.append("  %-22s %s%n".formatted(syntax, option.description()));
        }
        return text.append("  %-22s %s%n".formatted("-h, --help", "Print this.")).toString();
    }
}
