package io.helenus.tools;

import java.util.List;

/// What `helenus NAME …` does.
interface Command {
    int DONE = 0;
    int FAILED = 1;
    int WRONG_USAGE = 2;

    /// Does it, and returns the exit code.
    ///
    /// @throws UsageException if the arguments are wrong
    int run(List<String> arguments, Context context) throws UsageException, InterruptedException;
}
