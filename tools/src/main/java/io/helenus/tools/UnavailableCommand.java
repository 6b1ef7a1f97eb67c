package io.helenus.tools;

import java.util.List;

/// A name that is kept for a command of a later release: says so, whatever it is asked.
final class UnavailableCommand implements Command {
    private final String name;

    UnavailableCommand(String name) {
        this.name = name;
    }

    @Override
    public int run(List<String> arguments, Context context) {
        context.err().println("helenus %s is not available yet.".formatted(name));
        return WRONG_USAGE;
    }
}
