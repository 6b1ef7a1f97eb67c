package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Commands about tables.
final class TableCommands {
    private TableCommands() {}

    /// `tablestats`
    @Command(
            name = "tablestats",
            aliases = "cfstats",
            description = "Print what tables consist of.")
    static final class TableStats extends NodeAction {
        @Parameters(paramLabel = "KEYSPACE[.TABLE]", description = "None are all.")
        private List<String> names = new ArrayList<>();

        @Option(
                names = {"-H", "--human-readable"},
                description = "Bytes as KiB, MiB, GiB, TiB.")
        private boolean human;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get(
                    "/v1/tables",
                    names.isEmpty() ? Map.of() : Map.of("names", String.join(",", names)));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println("Total number of tables: " + answer.text("total_number_of_tables"));
            out.println("----------------");
            for (Json.Members keyspace : answer.objects("keyspaces")) {
                out.println("Keyspace: " + keyspace.text("name"));
                for (Json.Members table : keyspace.objects("tables")) {
                    print(table, new Lines(out));
                    out.println();
                }
                out.println("----------------");
            }
        }

        /// Indented by two tabulators.
        private record Lines(PrintWriter out) {
            void line(String name, Object value) {
                out.println("\t\t" + name + ": " + value);
            }
        }

        private void print(Json.Members table, Lines lines) {
            lines.line("Table", table.text("name"));
            lines.line("SSTable count", table.whole("sstable_count"));
            if (table.whole("damaged_sstable_count") > 0) {
                lines.line("Damaged SSTable count", table.whole("damaged_sstable_count"));
            }
            lines.line("Max SSTable size", bytes(table, "max_sstable_size"));
            lines.line("Space used (live)", bytes(table, "space_used_live"));
            lines.line("Space used by snapshots (total)", bytes(table, "space_used_by_snapshots"));
            lines.line(
                    "SSTable Compression Ratio", "%.5f".formatted(table.real("compression_ratio")));
            lines.line("Number of partitions (estimate)", table.whole("partitions_estimate"));
            lines.line("Number of rows in SSTables", table.whole("rows"));
            lines.line("Number of tombstones in SSTables", table.whole("tombstones"));
            lines.line("Memtable data size", bytes(table, "memtable_data_size"));
            lines.line("Percent repaired", table.real("percent_repaired"));
            lines.line("Bytes repaired", bytes(table, "bytes_repaired"));
            lines.line("Bytes unrepaired", bytes(table, "bytes_unrepaired"));
            lines.line("Compacted partition maximum bytes", table.whole("partition_maximum_bytes"));
            lines.line("Compacted partition mean bytes", table.whole("partition_mean_bytes"));
            lines.line(
                    "Droppable tombstone ratio",
                    "%.5f".formatted(table.real("droppable_tombstone_ratio")));
        }

        private String bytes(Json.Members table, String name) {
            return Sizes.text(table.whole(name), human);
        }
    }
}
