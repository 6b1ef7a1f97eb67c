package io.helenus.tools;

import io.helenus.tools.bulk.BulkTool;
import io.helenus.tools.bulk.InterruptibleInput;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `helenus bulk`.
final class BulkLaunch implements Command {

    @Override
    public int run(List<String> arguments, Context context) {
        return BulkTool.run(
                arguments,
                InterruptibleInput.standard(),
                writer(context.out()),
                writer(context.err()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
