package io.helenus.tools;

import io.helenus.shell.ShellCommand;
import io.helenus.shell.ShellEnvironment;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine;

/// `helenus shell`.
final class ShellLaunch implements Command {

    @Override
    public int run(List<String> arguments, Context context) {
        return new CommandLine(new ShellCommand())
                .setCommandName("helenus shell")
                .execute(arguments.toArray(String[]::new));
    }

    /// Opens the shell in a process that has other things to do as well.
    static int on(InetSocketAddress address) {
        return new CommandLine(new ShellCommand(ShellEnvironment.ofProcess()))
                .execute(address.getAddress().getHostAddress(), String.valueOf(address.getPort()));
    }
}
