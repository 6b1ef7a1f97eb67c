package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// Snapshots, backups, and taking files in.
final class SnapshotCommands {
    private SnapshotCommands() {}

    /// A duration such as `4h`.
    record TimeToLive(String text, long seconds) {
        private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(s|m|h|d)");

        /// From the command line.
        static final class Converter implements ITypeConverter<TimeToLive> {
            @Override
            public TimeToLive convert(String value) {
                Matcher matcher = TEXT.matcher(value);
                if (!matcher.matches()) {
                    throw new TypeConversionException(
                            "'%s' is no duration such as 30m, 4h or 7d".formatted(value));
                }
                long unit =
                        switch (matcher.group(2)) {
                            case "m" -> 60;
                            case "h" -> 3_600;
                            case "d" -> 86_400;
                            default -> 1;
                        };
                return new TimeToLive(value, Long.parseLong(matcher.group(1)) * unit);
            }
        }
    }

    /// `snapshot`
    @Command(name = "snapshot", description = "Keep the files of this moment, by hard links.")
    static final class Snapshot extends NodeAction {
        @Option(
                names = {"-t", "--tag"},
                paramLabel = "TAG",
                description = "Its name (default: milliseconds since 1970).")
        private String tag = "";

        @Option(
                names = {"-cf", "--column-family", "--table"},
                paramLabel = "TABLE",
                description = "Only this table of the keyspace.")
        private String table = "";

        @Option(
                names = {"-kt", "--kt-list", "-kc", "--kc.list"},
                paramLabel = "KEYSPACE.TABLE,...",
                split = ",",
                description = "Only these tables; no keyspaces beside them.")
        private List<String> tables = new ArrayList<>();

        @Option(
                names = {"-sf", "--skip-flush"},
                description = "Leave out what was not flushed yet.")
        private boolean skipFlush;

        @Option(
                names = "--ttl",
                paramLabel = "DURATION",
                converter = TimeToLive.Converter.class,
                description = "Delete it after so long: 30m, 4h, 7d.")
        private TimeToLive ttl = new TimeToLive("", 0);

        @Parameters(paramLabel = "KEYSPACE", description = "None are all.")
        private List<String> keyspaces = new ArrayList<>();

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            if (!tables.isEmpty() && !(keyspaces.isEmpty() && table.isEmpty())) {
                throw usage(
                        "When specifying the Keyspace table list (using"
                                + " -kt,--kt-list,-kc,--kc.list), you must not also specify keyspaces"
                                + " to snapshot");
            }
            if (!table.isEmpty() && keyspaces.size() != 1) {
                throw usage(
                        "When specifying the table for a snapshot, you must specify one and only one"
                                + " keyspace");
            }
            Json.Members body = Json.object();
            if (!tag.isEmpty()) {
                body.put("tag", tag);
            }
            if (!table.isEmpty()) {
                body.put("table", table);
            }
            if (!tables.isEmpty()) {
                body.putTexts("tables", tables);
            }
            if (!keyspaces.isEmpty()) {
                body.putTexts("keyspaces", keyspaces);
            }
            if (ttl.seconds() > 0) {
                body.put("ttl_seconds", ttl.seconds());
            }
            return node.post("/v1/snapshots", body.put("skip_flush", skipFlush));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            List<String> of = tables.isEmpty() ? keyspaces : tables;
            out.println(
                    "Requested creating snapshot(s) for [%s] with snapshot name [%s] and options {skipFlush=%s%s}"
                            .formatted(
                                    of.isEmpty() ? "all keyspaces" : String.join(", ", of),
                                    answer.text("tag"),
                                    skipFlush,
                                    ttl.seconds() > 0 ? ", ttl=" + ttl.text() : ""));
            out.println("Snapshot directory: " + answer.text("tag"));
        }
    }

    /// `listsnapshots`
    @Command(name = "listsnapshots", description = "Print all snapshots.")
    static final class ListSnapshots extends NodeAction {
        @Option(
                names = {"-nt", "--no-ttl"},
                description = "Leave out those that expire.")
        private boolean noTtl;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/snapshots");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println("Snapshot Details: ");
            List<Json.Members> snapshots =
                    answer.objects("snapshots").stream()
                            .filter(snapshot -> !noTtl || snapshot.text("expires_at").isEmpty())
                            .toList();
            if (snapshots.isEmpty()) {
                out.println("There are no snapshots");
                return;
            }
            TextTable table = new TextTable(" ");
            table.row(
                    "Snapshot name",
                    "Keyspace name",
                    "Column family name",
                    "True size",
                    "Size on disk",
                    "Creation time",
                    "Expiration time");
            long own = 0;
            for (Json.Members snapshot : snapshots) {
                own += snapshot.whole("true_size_bytes");
                table.row(
                        snapshot.text("tag"),
                        snapshot.text("keyspace"),
                        snapshot.text("table"),
                        Sizes.text(snapshot.whole("true_size_bytes")),
                        Sizes.text(snapshot.whole("size_on_disk_bytes")),
                        snapshot.text("created_at"),
                        snapshot.text("expires_at"));
            }
            table.print(out);
            out.println();
            out.println("Total TrueDiskSpaceUsed: " + Sizes.text(own));
            out.println();
        }
    }

    /// `clearsnapshot`
    @Command(name = "clearsnapshot", description = "Delete snapshots.")
    static final class ClearSnapshot extends NodeAction {
        @Option(
                names = {"-t", "--tag"},
                paramLabel = "TAG",
                description = "Those of this name.")
        private String tag = "";

        @Option(names = "--all", description = "All of them.")
        private boolean all;

        @Option(
                names = "--older-than",
                paramLabel = "DURATION",
                converter = TimeToLive.Converter.class,
                description = "With --all: those that were made before so long: 30m, 4h, 7d.")
        private TimeToLive olderThan = new TimeToLive("", -1);

        @Option(
                names = "--older-than-timestamp",
                paramLabel = "INSTANT",
                description = "With --all: those that were made before 2022-12-03T10:15:30Z.")
        private String olderThanTimestamp = "";

        @Parameters(paramLabel = "KEYSPACE", description = "Only of these; none are all.")
        private List<String> keyspaces = new ArrayList<>();

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            if (tag.isEmpty() != all) {
                throw usage(
                        all
                                ? "Specify only one of snapshot name or --all"
                                : "Specify snapshot name or --all");
            }
            requireConsistent();
            Json.Members body = Json.object().put("all", all);
            if (olderThan.seconds() >= 0) {
                body.put("older_than_seconds", olderThan.seconds());
            }
            if (!olderThanTimestamp.isEmpty()) {
                body.put("older_than_timestamp", olderThanTimestamp);
            }
            if (!tag.isEmpty()) {
                body.put("tag", tag);
            }
            if (!keyspaces.isEmpty()) {
                body.putTexts("keyspaces", keyspaces);
            }
            return node.delete("/v1/snapshots", body);
        }

        private void requireConsistent() {
            boolean byAge = olderThan.seconds() >= 0;
            if (byAge && !olderThanTimestamp.isEmpty()) {
                throw usage("Specify only one of --older-than or --older-than-timestamp");
            }
            if (!tag.isEmpty() && (byAge || !olderThanTimestamp.isEmpty())) {
                throw usage(
                        "Specifying snapshot name together with %s flag is not allowed"
                                .formatted(byAge ? "--older-than" : "--older-than-timestamp"));
            }
            if (!olderThanTimestamp.isEmpty() && !isInstant(olderThanTimestamp)) {
                throw usage(
                        "Parameter --older-than-timestamp has to be a valid instant in ISO format.");
            }
        }

        private static boolean isInstant(String text) {
            try {
                var _ = Instant.parse(text);
                return true;
            } catch (DateTimeParseException e) {
                return false;
            }
        }

        private String age() {
            if (olderThan.seconds() >= 0) {
                return " older than %d seconds.".formatted(olderThan.seconds());
            }
            return olderThanTimestamp.isEmpty()
                    ? ""
                    : " older than timestamp " + olderThanTimestamp;
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println(
                    "Requested clearing snapshot(s) for [%s] with %s%s"
                            .formatted(
                                    keyspaces.isEmpty()
                                            ? "all keyspaces"
                                            : String.join(", ", keyspaces),
                                    all ? "[all snapshots]" : "snapshot name [" + tag + "]",
                                    age()));
        }
    }

    /// `refresh`
    @Command(
            name = "refresh",
            description =
                    "Take in SSTables that were put into a table's directory, or its lost+found.")
    static final class Refresh extends NodeAction {
        @Parameters(index = "0", paramLabel = "KEYSPACE")
        private String keyspace = "";

        @Parameters(index = "1", paramLabel = "TABLE")
        private String table = "";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post(
                    "/v1/refresh", Json.object().put("keyspace", keyspace).put("table", table));
        }
    }

    /// `discard`
    @Command(
            name = "discard",
            description = {
                "Give up a damaged SSTable: it leaves the table, and is kept in its lost+found.",
                "Deletions that were in it are forgotten, too. What \"helenus sstable scrub\" has",
                "saved of it comes back with \"import\"."
            })
    static final class Discard extends NodeAction {
        @Parameters(index = "0", paramLabel = "KEYSPACE")
        private String keyspace = "";

        @Parameters(index = "1", paramLabel = "TABLE")
        private String table = "";

        @Parameters(index = "2", paramLabel = "FILE", description = "As 7.sst.")
        private String file = "";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post(
                    "/v1/discard",
                    Json.object().put("keyspace", keyspace).put("table", table).put("file", file));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println(answer.text("discarded") + " is now in " + answer.text("kept_in"));
        }
    }

    /// `import`
    @Command(name = "import", description = "Take in SSTables of directories.")
    static final class Import extends NodeAction {
        @Parameters(index = "0", paramLabel = "KEYSPACE")
        private String keyspace = "";

        @Parameters(index = "1", paramLabel = "TABLE")
        private String table = "";

        @Parameters(index = "2..*", arity = "1..*", paramLabel = "DIRECTORY")
        private List<String> directories = new ArrayList<>();

        @Option(
                names = {"-r", "--keep-repaired"},
                description = "Believe what repair once vouched for.")
        private boolean keepRepaired;

        @Option(
                names = {"-v", "--no-verify"},
                description = "Check the files' checksums only.")
        private boolean noVerify;

        @Option(
                names = {"-p", "--copy-data"},
                description = "Leave the files where they are, too.")
        private boolean copy;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            List<String> full =
                    directories.stream()
                            .map(name -> Path.of(name).toAbsolutePath().normalize().toString())
                            .toList();
            return node.post(
                    "/v1/import",
                    Json.object()
                            .put("keyspace", keyspace)
                            .put("table", table)
                            .putTexts("directories", full)
                            .put("keep_repaired", keepRepaired)
                            .put("no_verify", noVerify)
                            .put("copy", copy));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            Json.Members failed = answer.object("failed");
            if (!failed.values().isEmpty()) {
                out.println("Some directories failed to import, check server logs for details:");
                failed.values()
                        .keySet()
                        .forEach(name -> out.println(name + ": " + failed.text(name)));
            }
        }

        @Override
        int exitCode(Json.Members answer) {
            return answer.object("failed").values().isEmpty() ? 0 : 1;
        }
    }

    /// `statusbackup`
    @Command(name = "statusbackup", description = "Print whether flushed files are kept.")
    static final class StatusBackup extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/backup");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println(answer.bool("running") ? "running" : "not running");
        }
    }

    /// `enablebackup`
    @Command(name = "enablebackup", description = "Keep flushed files also in backups.")
    static final class EnableBackup extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/backup/enable", Json.object());
        }
    }

    /// `disablebackup`
    @Command(name = "disablebackup", description = "Keep no more flushed files in backups.")
    static final class DisableBackup extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/backup/disable", Json.object());
        }
    }
}
