package io.helenus.tools;

import io.helenus.tools.node.NodeTool;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `helenus node`.
final class NodeLaunch implements Command {

    @Override
    public int run(List<String> arguments, Context context) {
        return NodeTool.run(arguments, writer(context.out()), writer(context.err()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
