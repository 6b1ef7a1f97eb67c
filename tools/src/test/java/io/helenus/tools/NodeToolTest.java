package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.EmbeddedSession;
import io.helenus.engine.Helenus;
import io.helenus.engine.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `helenus node` against a node in this process.
class NodeToolTest {
    @TempDir Path directory;

    private final Console console = new Console();
    private Helenus node;
    private EmbeddedSession session;

    @BeforeEach
    void start() throws IOException {
        node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .set("start_admin", "true")
                        .set("admin_port", "0")
                        .start();
        session = node.session();
        session.execute(
                "CREATE KEYSPACE ks WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("node", "-p"));
        all.add(Integer.toString(node.adminAddress().orElseThrow().getPort()));
        all.addAll(List.of(arguments));
        return console.run(all.toArray(String[]::new));
    }

    private void succeed(String... arguments) {
        assertThat(run(arguments)).as(console.err()).isZero();
        assertThat(console.err()).isEmpty();
    }

    @Test
    void looksAfterDamagedFiles() {
        succeed("damaged");
        assertThat(console.out()).isEqualTo("No SSTable is known to be damaged\n");
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        succeed("flush");
        succeed("recheck", "1.sst");
        assertThat(console.out()).endsWith("1.sst: sound\n");
        assertThat(run("recheck", "7.sst")).isEqualTo(1);
        assertThat(console.err()).contains("there is no SSTable 7.sst");
    }

    @Test
    void saysWhichDamagedFilesACompactionLeftOut() throws IOException {
        for (int file = 1; file <= 3; file++) {
            session.execute("INSERT INTO ks.t (k, v) VALUES (%d, 'a')".formatted(file));
            succeed("flush");
        }
        Path table = node.storage().tables().iterator().next().directory();
        Path damaged = table.resolve("1.sst");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[40] ^= 1; // in its only block
        Files.write(damaged, bytes);
        assertThatThrownBy(() -> session.execute("SELECT * FROM ks.t"))
                .hasMessageContaining("1.sst");
        for (String command : List.of("compact", "garbagecollect", "cleanup")) {
            succeed(command, "ks", "t");
            assertThat(console.out())
                    .as(command)
                    .endsWith("Left out, as it is damaged: " + damaged + "\n");
        }
        assertThat(damaged).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "compact",
        "flush",
        "cleanup",
        "garbagecollect",
        "disableautocompaction",
        "snapshot"
    })
    void anEmptyNameIsNotAllKeyspaces(String command) {
        assertThat(run(command, "")).isEqualTo(1);
        assertThat(console.err()).isEqualTo("nodetool: Keyspace [] does not exist.\n");
    }

    @Test
    void printsWhoIsConnected() {
        succeed("clientstats");
        assertThat(console.out()).isEqualTo("Total connected clients: 0\n\nUser Connections\n");
        succeed("clientstats", "--all");
        assertThat(console.out()).startsWith("Total connected clients: 0\n");
    }

    @Test
    void printsAsNodetoolDoes() {
        succeed("version");
        assertThat(console.out()).isEqualTo("ReleaseVersion: 5.0.6\n");
        succeed("info");
        assertThat(console.out().lines().map(line -> line.indexOf(" : ")))
                .allMatch(at -> at == 22 || at == 23 || at < 0);
        assertThat(console.out())
                .containsPattern("ID {21}: [0-9a-f-]{36}\n")
                .containsPattern("Load {19}: 0 bytes\n")
                .contains("(invoke with -T/--tokens to see all 16 tokens)");
        succeed("status");
        assertThat(console.out())
                .startsWith(
                        """
                        Datacenter: datacenter1
                        =======================
                        Status=Up/Down
                        |/ State=Normal/Leaving/Joining/Moving
                        --  Address    Load     Tokens  Owns (effective)  Host ID \
                        """)
                .containsPattern(
                        "\nUN  127\\.0\\.0\\.1  0 bytes  16      100\\.0% {12}[0-9a-f-]{36}  rack1\n");
        succeed("listsnapshots");
        assertThat(console.out()).isEqualTo("Snapshot Details: \nThere are no snapshots\n");
        succeed("statusbinary");
        assertThat(console.out()).isEqualTo("not running\n");
        succeed("getcompactionthreshold", "ks", "t");
        assertThat(console.out())
                .isEqualTo("Current compaction thresholds for ks/t: \n min = 4,  max = 32\n");
    }

    @Test
    void aNodeWithoutAPortForOthersKnowsNoGossip() {
        assertThat(run("gossipinfo")).isEqualTo(1);
        assertThat(console.err()).contains("storage_port is 0");
    }

    @Test
    void gossipInfoIsAsNodetoolPrintsIt() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        node.close();
        node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("gossiping"))
                        .set("start_admin", "true")
                        .set("admin_port", "0")
                        .set("storage_port", Integer.toString(port))
                        .start();
        succeed("gossipinfo");
        assertThat(console.out())
                .matches(
                        """
                        /127\\.0\\.0\\.1
                          generation:\\d{10}
                          heartbeat:\\d+
                          HOST_ID:1:[0-9a-f-]{36}
                          DC:2:datacenter1
                          RACK:3:rack1
                          RELEASE_VERSION:4:5\\.0\\.6
                          SCHEMA:5:[0-9a-f-]{36}
                          METADATA_EPOCH:6:\\d+
                          NET_VERSION:7:1
                          LOAD:8:0
                          RPC_READY:9:false
                          STATUS_WITH_PORT:\\d+:NORMAL,-?\\d+
                          TOKENS:\\d+:<hidden>

                        """);
        succeed("gossipinfo", "-pp");
        assertThat(console.out()).startsWith("/127.0.0.1:" + port + "\n");
        succeed("gossipinfo", "--json");
        Json.Members known = ((Json.Members) Json.parse(console.out())).objects("nodes").getFirst();
        assertThat(known.bool("up")).isTrue();
        assertThat(known.whole("port")).isEqualTo(port);
        assertThat(known.objects("states").getFirst().text("name")).isEqualTo("HOST_ID");
    }

    @Test
    void answersAreJsonIfThatIsAskedFor() {
        succeed("status", "--json");
        assertThat(Json.parse(console.out())).isInstanceOf(Json.Members.class);
        succeed("version", "--json");
        assertThat(console.out()).isEqualTo("{\n  \"release_version\": \"5.0.6\"\n}\n");
    }

    @Test
    void flushedAndSnapshotTablesComeBack() {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        succeed("flush", "ks", "t");
        assertThat(console.out()).isEmpty();
        succeed("snapshot", "-t", "monday", "--ttl", "4h", "-cf", "t", "ks");
        assertThat(console.out())
                .isEqualTo(
                        """
                        Requested creating snapshot(s) for [ks] with snapshot name [monday] and \
                        options {skipFlush=false, ttl=4h}
                        Snapshot directory: monday
                        """);
        succeed("listsnapshots");
        assertThat(console.out())
                .contains("Snapshot name Keyspace name Column family name True size Size on disk")
                .containsPattern("\nmonday        ks            t                  [0-9.]+ KiB")
                .contains("Total TrueDiskSpaceUsed: ");
        succeed("listsnapshots", "-nt");
        assertThat(console.out()).contains("There are no snapshots");
        session.execute("TRUNCATE ks.t");
        Path monday =
                node.storage()
                        .tables()
                        .iterator()
                        .next()
                        .directory()
                        .resolve("snapshots")
                        .resolve("monday");
        succeed("import", "-p", "ks", "t", monday.toString());
        assertThat(session.execute("SELECT * FROM ks.t").rows()).hasSize(1);
        succeed("tablestats", "ks.t");
        assertThat(console.out())
                .startsWith(
                        "Total number of tables: 1\n----------------\nKeyspace: ks\n\t\tTable: t\n")
                .contains("\t\tSSTable count: 1\n")
                .contains("\t\tNumber of partitions (estimate): 1\n");
        succeed("clearsnapshot", "--all", "--older-than", "1h");
        assertThat(console.out())
                .isEqualTo(
                        "Requested clearing snapshot(s) for [all keyspaces] with [all snapshots] older"
                                + " than 3600 seconds.\n");
        succeed("listsnapshots");
        assertThat(console.out()).contains("monday");
        succeed("clearsnapshot", "--all");
        assertThat(console.out())
                .isEqualTo(
                        "Requested clearing snapshot(s) for [all keyspaces] with [all snapshots]\n");
        assertThat(run("import", "ks", "t", monday.toString())).isEqualTo(1);
        assertThat(console.err()).contains(" does not exist or has no SSTables");
    }

    /// From damage to a table that is whole again but for what is lost.
    @Test
    void whatCanBeReadOfADamagedFileComesBack() throws IOException {
        int rows = 2_000;
        for (int k = 0; k < rows; k++) {
            session.execute("INSERT INTO ks.t (k, v) VALUES (?, ?)", k, "some text " + k);
        }
        succeed("flush", "ks", "t");
        Path file = node.storage().tables().iterator().next().directory().resolve("1.sst");
        assertThat(run("discard", "ks", "t", "1.sst")).isEqualTo(1);
        assertThat(console.err()).contains("1.sst is not known to be damaged, so it stays");
        assertThat(run("discard", "ks", "t", "9.sst")).isEqualTo(1);
        assertThat(console.err()).contains("Table ks.t has no file '9.sst'");

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> session.execute("SELECT * FROM ks.t"))
                .hasMessageContaining("1.sst");

        Path saved = directory.resolve("saved");
        assertThat(console.run("sstable", "scrub", "--to", saved.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(console.out()).contains("  lost: ");
        succeed("discard", "ks", "t", "1.sst");
        assertThat(console.out())
                .isEqualTo("1.sst is now in %s\n".formatted(file.resolveSibling("lost+found")));
        assertThat(session.execute("SELECT * FROM ks.t").rows()).isEmpty();
        assertThat(file.resolveSibling("lost+found").resolve("1.sst")).hasBinaryContent(bytes);

        succeed("import", "ks", "t", saved.toString());
        assertThat(session.execute("SELECT k FROM ks.t").rows()).hasSizeBetween(rows / 4, rows - 1);
    }

    @Test
    void backupsAreSwitched() {
        succeed("enablebackup");
        succeed("statusbackup");
        assertThat(console.out()).isEqualTo("running\n");
        succeed("disablebackup");
        succeed("statusbackup");
        assertThat(console.out()).isEqualTo("not running\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | nix | there is no command 'nix'",
                "2 | flush --nix | Unknown option: '--nix'",
                "2 | clearsnapshot | Specify snapshot name or --all",
                "2 | clearsnapshot --all -t x | Specify only one of snapshot name or --all",
                "2 | clearsnapshot --older-than 1h -t x | Specifying snapshot name together with --older-than flag",
                "2 | clearsnapshot --older-than-timestamp 2022-12-03T10:15:30Z -t x | -timestamp flag is not allowed",
                "2 | clearsnapshot --all --older-than-timestamp monday | has to be a valid instant in ISO format",
                "2 | clearsnapshot --all --older-than 1h --older-than-timestamp x | Specify only one of --older",
                "2 | clearsnapshot --older-than 1h | Specify snapshot name or --all",
                "2 | snapshot -kt ks.t ks | you must not also specify keyspaces to snapshot",
                "2 | snapshot -cf t | you must specify one and only one keyspace",
                "2 | snapshot --ttl 4x | '4x' is no duration such as 30m, 4h or 7d",
                "2 | stop | either a TYPE or -id is needed",
                "2 | stop NIX | 'NIX' is no type of compaction: CLEANUP, ",
                "2 | garbagecollect -g X | --granularity is 'X', must be ROW or CELL",
                "2 | import ks t | Missing required parameter",
                "1 | flush nope | Keyspace [nope] does not exist.",
                "1 | flush ks nope | Unknown keyspace/cf pair (ks.nope)",
                "1 | snapshot -t a/b | Snapshot name 'a/b' is not allowed",
                "1 | enablebinary | without a native protocol server",
            })
    void whatIsWrongIsSaidWithItsExitCode(int code, String arguments, String error) {
        assertThat(run(arguments.split(" "))).isEqualTo(code);
        assertThat(console.err()).startsWith("nodetool: ").contains(error);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void aNodeThatIsNotThereIsNamed() throws IOException {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        assertThat(console.run("node", "-p", Integer.toString(free), "info")).isEqualTo(1);
        assertThat(console.err())
                .isEqualTo(
                        "nodetool: Failed to connect to '127.0.0.1:%d' - ConnectException: 'Connection refused'.\n"
                                .formatted(free));
        assertThat(console.run("node", "-p", "0", "info")).isEqualTo(2);
        assertThat(console.run("node")).isEqualTo(2);
        assertThat(console.err()).contains("a command is missing");
    }
}
