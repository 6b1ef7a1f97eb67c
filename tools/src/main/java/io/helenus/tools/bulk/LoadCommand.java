package io.helenus.tools.bulk;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `helenus bulk load`.
@Command(
        name = "load",
        description = "Sends SSTables to a running node, which takes each in as a whole.",
        sortOptions = false)
final class LoadCommand extends BulkAction {
    @Option(
            names = "--table",
            required = true,
            paramLabel = "KS.T",
            converter = TableOption.Converter.class,
            description =
                    "The table on the node; names in double quotes keep their case, as in CQL.")
    private TableOption table = new TableOption("", "");

    @Option(
            names = "--source",
            required = true,
            arity = "1..*",
            paramLabel = "DIR|FILE",
            description = "What 'helenus bulk write' has written, or single SSTables.")
    private List<Path> sources = new ArrayList<>();

    @Mixin private LoadOptions options = new LoadOptions();

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Override
    String afterInterruption() {
        return "SSTables that had arrived as a whole are in the table; the same command sends the rest";
    }

    @Override
    int work() throws IOException, BulkFailure, InterruptedException {
        options.check(this::usage);
        LoadJob job = new LoadJob(options.address(this::usage), options, err(), isTerminal(json));
        LoadJob.Result result = job.run(table, LoadJob.files(sources));
        if (json) {
            out().println(json(Json.object(), result).prettyText());
        } else {
            print(result, out());
        }
        return 0;
    }

    static Json.Members json(Json.Members into, LoadJob.Result result) {
        return into.put("sstables_loaded", result.loaded())
                .put("sstables_present", result.present())
                .put("sstables_renumbered", result.renumbered())
                .put("sstables_not_all_owned", result.elsewhere())
                .put("bytes_loaded", result.bytes())
                .put("load_seconds", result.seconds());
    }

    static void print(LoadJob.Result result, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "Loaded         %d SSTables%s, %s%n",
                result.loaded(),
                result.present() == 0 ? "" : " (%d were there already)".formatted(result.present()),
                ByteSize.text(result.bytes()));
        if (result.renumbered() > 0) {
            out.printf(
                    Locale.ROOT,
                    "Renumbered     %d of them, as their columns were declared in another order%n",
                    result.renumbered());
        }
        if (result.elsewhere() > 0) {
            out.printf(
                    Locale.ROOT,
                    "Left out       of %d SSTables what the node does not own%n",
                    result.elsewhere());
        }
        out.printf(
                Locale.ROOT,
                "Time           %.1f s, %s/s%n",
                result.seconds(),
                ByteSize.text((long) (result.bytes() / Math.max(result.seconds(), 1e-9))));
    }
}
