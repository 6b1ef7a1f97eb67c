package io.helenus.tools.bulk;

import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.OverwrittenOptionException;

/// Names with commas between them, of which the first may be `-`: a word that begins so would be taken for
/// an option.
final class ColumnNames implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
        if (arguments.isEmpty()) {
            throw new MissingParameterException(
                    command.commandLine(), option, "--columns: the names are missing");
        }
        if (option.getValue() instanceof List<?> before && !before.isEmpty()) {
            throw new OverwrittenOptionException(
                    command.commandLine(),
                    option,
                    "option '--columns' should be specified only once");
        }
        option.setValue(List.of(arguments.pop().split(",", -1)));
    }
}
