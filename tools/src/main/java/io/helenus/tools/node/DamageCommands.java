package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Commands about damaged files.
final class DamageCommands {
    private DamageCommands() {}

    /// `damaged`
    @Command(name = "damaged", description = "Print which SSTables are known to be damaged.")
    static final class Damaged extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/sstables/damaged");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            List<Json.Members> damaged = answer.objects("damaged");
            if (damaged.isEmpty()) {
                out.println("No SSTable is known to be damaged");
            }
            for (Json.Members file : damaged) {
                out.println(
                        "%s.%s %s: %s"
                                .formatted(
                                        file.text("keyspace"),
                                        file.text("table"),
                                        file.text("file"),
                                        file.text("damage")));
            }
        }
    }

    /// `recheck`
    @Command(
            name = "recheck",
            description = "Read all of SSTables, and use those again that are sound.")
    static final class Recheck extends NodeAction {
        @Parameters(arity = "1..*", paramLabel = "FILE")
        private List<String> files = new ArrayList<>();

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/sstables/recheck", Json.object().putTexts("files", files));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            for (Json.Members file : answer.objects("files")) {
                boolean sound = file.get("damage") instanceof Json.Nothing;
                out.println(file.text("file") + ": " + (sound ? "sound" : file.text("damage")));
            }
        }

        @Override
        int exitCode(Json.Members answer) {
            return answer.whole("damaged") == 0 ? 0 : 1;
        }
    }
}
