package io.helenus.engine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.EmbeddedSession;
import io.helenus.engine.Helenus;
import io.helenus.engine.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The endpoint of a whole node, over HTTP.
class AdminServerTest {
    @TempDir Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Helenus node;
    private EmbeddedSession session;

    record Answer(int status, Json.Members body) {}

    private void startAgain() throws IOException {
        node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .set("start_admin", "true")
                        .set("admin_port", "0")
                        .start();
        session = node.session();
    }

    @BeforeEach
    void start() throws IOException {
        startAgain();
        session.execute(
                "CREATE KEYSPACE ks WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Helenus gossiping(String address, int port, String seeds) throws IOException {
        return Helenus.embedded()
                .dataDirectory(directory.resolve(address))
                .set("start_admin", "true")
                .set("admin_port", "0")
                .set("listen_address", address)
                .set("storage_port", Integer.toString(port))
                .set("seeds", seeds)
                .start();
    }

    @Test
    void messagesBetweenNodesAreCounted() throws Exception {
        assertThat(ask("GET", "/v1/messages", "").body().items("peers")).isEmpty();
        assertThat(ask("GET", "/v1/gossip", "").status()).isEqualTo(409);
        node.close();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        try (Helenus first = gossiping("127.0.0.1", port, "127.0.0.1")) {
            assertThat(first.adminAddress()).isPresent();
            node = gossiping("127.0.0.2", port, "127.0.0.1"); // and that one has answered
            Json.Members peer = ask("GET", "/v1/messages", "").body().objects("peers").getFirst();
            assertThat(peer.text("peer")).isEqualTo("127.0.0.1:" + port);
            Json.Members urgent = peer.objects("lanes").getFirst();
            assertThat(urgent.text("name")).isEqualTo("urgent");
            assertThat(urgent.bool("connected")).isTrue();
            assertThat(urgent.whole("sent")).isPositive();
            assertThat(urgent.whole("received")).isPositive();
            assertThat(urgent.object("dropped").whole("queue_full")).isZero();
            assertThat(ask("GET", "/v1/gossip", "").body().objects("nodes")).isNotEmpty();
        }
    }

    private Answer ask(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        InetSocketAddress address = node.adminAddress().orElseThrow();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://%s:%d%s"
                                                .formatted(
                                                        address.getAddress().getHostAddress(),
                                                        address.getPort(),
                                                        path)))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), (Json.Members) Json.parse(response.body()));
    }

    private Json.Members done(String method, String path, String body)
            throws IOException, InterruptedException {
        Answer answer = ask(method, path, body);
        assertThat(answer.status()).as(answer.body().text()).isEqualTo(200);
        return answer.body();
    }

    private int rows() {
        return session.execute("SELECT * FROM ks.t").rows().size();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET | /nope | `` | 404 | there is no path /nope",
                "GET | /v1/flush | `` | 405 | /v1/flush takes POST, not GET",
                "POST | /v1/flush | {\"keyspace\":\"no\"} | 400 | Keyspace [no] does not exist.",
                "POST | /v1/flush?keyspace=ks&tables=u | `` | 400 | Unknown keyspace/cf pair (ks.u)",
                "POST | /v1/flush | {\"keyspce\":\"ks\"} | 400 | unknown parameter 'keyspce'",
                "POST | /v1/flush | {\"keyspace\":1} | 400 | parameter 'keyspace' is 1, must be a text",
                "POST | /v1/flush | {\"tables\":[\"t\"]} | 400 | needs a parameter 'keyspace'",
                "POST | /v1/flush | [1] | 400 | the body must be a JSON object",
                "POST | /v1/flush | {\"a | 400 | the body is no JSON",
                "POST | /v1/flush?keyspace=ks&keyspace=ks | `` | 400 | given twice",
                "POST | /v1/snapshots | {\"tag\":\"a/b\"} | 400 | Snapshot name 'a/b' is not allowed",
                "POST | /v1/snapshots | {\"ttl_seconds\":1} | 400 | must be from 60",
                "POST | /v1/snapshots | {\"tables\":[\"t\"]} | 400 | not of the form keyspace.table",
                "DELETE | /v1/snapshots | {} | 400 | Specify snapshot name or --all",
                "DELETE | /v1/snapshots | {\"all\":true,\"older_than_seconds\":-1} | 400 | must be from 0",
                "DELETE | /v1/snapshots | {\"all\":true,\"older_than_timestamp\":\"x\"} | 400 | ISO format",
                "POST | /v1/refresh | {\"keyspace\":\"ks\"} | 400 | parameter 'table' is missing",
                "POST | /v1/native-transport/enable | {} | 409 | without a native protocol server",
            })
    void whatIsWrongIsSaid(String method, String path, String body, int status, String error)
            throws Exception {
        Answer answer = ask(method, path, body);
        assertThat(answer.status()).as(answer.body().text()).isEqualTo(status);
        assertThat(answer.body().text("error")).contains(error);
    }

    @Test
    void pagesInABrowserMayNotAsk() throws Exception {
        Answer answer = ask("POST", "/v1/drain", "{}", "Origin", "http://evil.example");
        assertThat(answer.status()).isEqualTo(403);
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
    }

    @Test
    void saysWhatItIs() throws Exception {
        assertThat(done("GET", "/v1/version", "").text("release_version")).startsWith("5.0.");
        Json.Members info = done("GET", "/v1/info", "");
        assertThat(info.text("mode")).isEqualTo("NORMAL");
        assertThat(info.texts("tokens")).hasSize(16);
        Json.Members status = done("GET", "/v1/status", "");
        Json.Members self = status.objects("datacenters").getFirst().objects("nodes").getFirst();
        assertThat(self.text("host_id")).isEqualTo(info.text("id"));
        assertThat(self.text("status")).isEqualTo("UP");
    }

    @Test
    void flushingWritesFilesBeforeTheAnswer() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        assertThat(done("POST", "/v1/flush", "{\"keyspace\":\"ks\"}").whole("flushed"))
                .isEqualTo(1);
        Json.Members tables = done("GET", "/v1/tables?names=ks.t", "");
        Json.Members table = tables.objects("keyspaces").getFirst().objects("tables").getFirst();
        assertThat(table.whole("sstable_count")).isEqualTo(1);
        assertThat(table.whole("partitions_estimate")).isEqualTo(1);
        assertThat(table.whole("memtable_data_size")).isZero();
        assertThat(done("POST", "/v1/flush", "").whole("flushed")).isZero();
    }

    @Test
    void whatATruncationTookComesBack() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        session.execute("INSERT INTO ks.t (k, v) VALUES (2, 'b')");
        session.execute("TRUNCATE ks.t");
        assertThat(rows()).isZero();
        Json.Members kept = done("GET", "/v1/snapshots", "").objects("snapshots").getFirst();
        assertThat(kept.text("tag")).startsWith("truncated-");
        String request =
                Json.object()
                        .put("keyspace", "ks")
                        .put("table", "t")
                        .putTexts("directories", List.of(kept.text("directory")))
                        .put("copy", true)
                        .text();
        assertThat(done("POST", "/v1/import", request).texts("imported")).hasSize(1);
        assertThat(rows()).isEqualTo(2);
        assertThat(
                        session.execute(
                                        "SELECT true_size FROM system_views.snapshots WHERE name ="
                                                + " '%s'".formatted(kept.text("tag")))
                                .rows())
                .hasSize(1);
        Json.Members old =
                Json.object().put("all", true).put("older_than_timestamp", kept.text("created_at"));
        assertThat(done("DELETE", "/v1/snapshots", old.text()).whole("deleted")).isZero();
        assertThat(done("DELETE", "/v1/snapshots", "{\"all\":true}").whole("deleted")).isEqualTo(1);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void itComesBackAlsoIfItsColumnsAreNotInTheOrderOfTheirNames() throws Exception {
        session.execute("CREATE TABLE ks.o (k int PRIMARY KEY, z int, m map<int, int>, a int)");
        session.execute("ALTER TABLE ks.o DROP z");
        session.execute("ALTER TABLE ks.o ADD z int");
        session.execute("INSERT INTO ks.o (k, z, m, a) VALUES (1, 2, {3: 4}, 5)");
        session.execute("DROP TABLE ks.o");
        Path snapshot =
                Path.of(
                        done("GET", "/v1/snapshots", "")
                                .objects("snapshots")
                                .getFirst()
                                .text("directory"));
        for (String statement : Files.readString(snapshot.resolve("schema.cql")).split(";")) {
            if (!statement.isBlank()) {
                session.execute(statement);
            }
        }
        Json.Members body =
                Json.object()
                        .put("keyspace", "ks")
                        .put("table", "o")
                        .putTexts("directories", List.of(snapshot.toString()));
        assertThat(done("POST", "/v1/import", body.text()).texts("imported")).hasSize(1);
        assertThat(session.execute("SELECT z, m, a FROM ks.o").rows()).hasSize(1);
    }

    @Test
    void aDroppedTableComesBackFromItsSnapshot() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        session.execute("DROP TABLE ks.t");
        Json.Members kept = done("GET", "/v1/snapshots", "").objects("snapshots").getFirst();
        assertThat(kept.text("tag")).startsWith("dropped-");
        Path snapshot = Path.of(kept.text("directory"));
        session.execute(Files.readString(snapshot.resolve("schema.cql")));
        assertThat(rows()).isZero();
        String body =
                "{\"keyspace\":\"ks\",\"table\":\"t\",\"directories\":[\"" + snapshot + "\"]}";
        var _ = done("POST", "/v1/import", body);
        assertThat(rows()).isEqualTo(1);
        Answer again = ask("POST", "/v1/import", body);
        assertThat(again.body().text("error")).contains("has no SSTables");
    }

    @Test
    void aSnapshotDoesNotSilentlyLackATable() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        session.execute("CREATE TABLE ks.u (k int PRIMARY KEY, v text)");
        Path manifest =
                node.storage().tables().stream()
                        .filter(table -> table.name().table().equals("t"))
                        .findFirst()
                        .orElseThrow()
                        .directory()
                        .resolve("manifest");
        node.close();
        byte[] bytes = Files.readAllBytes(manifest);
        bytes[bytes.length / 2] ^= 1;
        var _ = Files.write(manifest, bytes);
        startAgain();
        for (String body : List.of("{}", "{\"keyspaces\":[\"ks\"]}", "{\"tables\":[\"ks.t\"]}")) {
            Answer refused = ask("POST", "/v1/snapshots", body);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().text("error")).contains("Table ks.t is not served");
        }
        assertThat(ask("POST", "/v1/compact", "{\"keyspace\":\"ks\",\"tables\":[\"t\"]}").status())
                .isEqualTo(409);
        var _ = done("POST", "/v1/snapshots", "{\"tag\":\"x\",\"tables\":[\"ks.u\"]}");
        Json.Members damaged =
                done("GET", "/v1/sstables/damaged", "").objects("damaged").getFirst();
        assertThat(damaged.text("table")).isEqualTo("t");
        assertThat(damaged.text("damage")).contains("not served");
    }

    @Test
    void aTablesOwnFilesAreTakenInByNobody() throws Exception {
        session.execute("CREATE TABLE ks.u (k int PRIMARY KEY, v text)");
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        var _ = done("POST", "/v1/flush", "{\"keyspace\":\"ks\"}");
        Path own =
                node.storage().tables().stream()
                        .filter(table -> table.name().table().equals("t"))
                        .findFirst()
                        .orElseThrow()
                        .directory();
        Path link = Files.createSymbolicLink(directory.resolve("link"), own);
        for (Path from : List.of(own, own.resolve("../" + own.getFileName()), link)) {
            for (String to : List.of("t", "u")) {
                String body =
                        Json.object()
                                .put("keyspace", "ks")
                                .put("table", to)
                                .putTexts("directories", List.of(from.toString()))
                                .text();
                Answer refused = ask("POST", "/v1/import", body);
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.body().text("error")).contains("where table ks.t has its files");
            }
        }
        assertThat(own.resolve("1.sst")).exists();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void filesPutIntoTheTablesDirectoryAreTakenIn() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        var _ = done("POST", "/v1/snapshots", "{\"tag\":\"x\",\"tables\":[\"ks.t\"]}");
        session.execute("TRUNCATE ks.t");
        Path snapshot =
                Path.of(
                        done("GET", "/v1/snapshots", "").objects("snapshots").stream()
                                .filter(each -> each.text("tag").equals("x"))
                                .findFirst()
                                .orElseThrow()
                                .text("directory"));
        Path table = node.storage().tables().iterator().next().directory();
        var _ = Files.copy(snapshot.resolve("1.sst"), table.resolve("77.sst"));
        String body = "{\"keyspace\":\"ks\",\"table\":\"t\"}";
        assertThat(done("POST", "/v1/refresh", body).texts("imported")).hasSize(1);
        assertThat(rows()).isEqualTo(1);
        assertThat(Files.exists(table.resolve("77.sst"))).isFalse();
        assertThat(done("POST", "/v1/refresh", body).texts("imported")).isEmpty();
    }

    @Test
    void filesAreTakenInOnceHoweverManyAsk() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        var _ = done("POST", "/v1/snapshots", "{\"tag\":\"x\",\"tables\":[\"ks.t\"]}");
        Path table = node.storage().tables().iterator().next().directory();
        for (int file = 77; file < 87; file++) {
            var _ = Files.copy(table.resolve("snapshots/x/1.sst"), table.resolve(file + ".sst"));
        }
        String body = "{\"keyspace\":\"ks\",\"table\":\"t\"}";
        List<Callable<Answer>> asked =
                Collections.nCopies(4, () -> ask("POST", "/v1/refresh", body));
        int imported = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(asked.size())) {
            for (Future<Answer> answer : threads.invokeAll(asked)) {
                assertThat(answer.get().status()).as(answer.get().body().text()).isEqualTo(200);
                imported += answer.get().body().texts("imported").size();
            }
        }
        assertThat(imported).isEqualTo(10);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aDrainedNodeTakesNoWritesAndStillReads() throws Exception {
        session.execute("INSERT INTO ks.t (k, v) VALUES (1, 'a')");
        assertThat(done("POST", "/v1/drain", "").text("mode")).isEqualTo("DRAINED");
        assertThatThrownBy(() -> session.execute("INSERT INTO ks.t (k, v) VALUES (2, 'b')"))
                .hasMessageContaining("Writes are refused: the node has been drained");
        assertThat(rows()).isEqualTo(1);
        assertThat(node.storage().tables().iterator().next().isClean()).isTrue();
    }
}
