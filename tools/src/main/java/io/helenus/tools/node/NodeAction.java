package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// One command: asks the node, then prints the answer, as Cassandra's nodetool does or as JSON.
abstract class NodeAction implements Callable<Integer> {
    @ParentCommand private NodeTool tool = new NodeTool();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    /// @return the answer
    abstract Json.Members ask(AdminClient node) throws AdminFailure;

    /// Prints the answer; most commands have nothing to say when all went well.
    void print(Json.Members answer, PrintWriter out) {
        // Silence is success.
    }

    /// The exit code after an answer.
    int exitCode(Json.Members answer) {
        return 0;
    }

    /// What is wrong with the command line, to be thrown.
    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    @Override
    public final Integer call() throws AdminFailure {
        Json.Members answer = ask(tool.client());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.prettyText());
        } else {
            print(answer, out);
        }
        out.flush();
        return exitCode(answer);
    }
}
