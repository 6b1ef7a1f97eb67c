package io.helenus.shell;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.helenus.shell.ClientFactory.Target;
import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.CqlClient.Request;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connection in use. LOGIN replaces it. Belongs to the shell's thread.
final class ClientHolder implements AutoCloseable {
    /// What the server says of itself.
    record ServerInfo(String clusterName, String releaseVersion, String cqlVersion) {}

    private final ClientFactory factory;
    private Target target;
    private CqlClient client;

    /// @throws CqlException if there is no connection
    ClientHolder(ClientFactory factory, Target target) {
        this.factory = factory;
        this.target = target;
        this.client = factory.connect(target);
    }

    CqlClient client() {
        return client;
    }

    Target target() {
        return target;
    }

    /// A statement of the shell's own, not one that the user typed.
    Page query(String cql) throws InterruptedException {
        return client.execute(
                new Request(
                        cql,
                        DefaultConsistencyLevel.ONE,
                        DefaultConsistencyLevel.SERIAL,
                        0,
                        false));
    }

    ServerInfo info() throws InterruptedException {
        Page page =
                query(
                        "SELECT cluster_name, release_version, cql_version FROM system.local"
                                + " WHERE key = 'local'");
        if (page.rows().isEmpty()) {
            throw new CqlException("The server has no row in system.local.");
        }
        List<@Nullable ByteBuffer> row = page.rows().getFirst();
        return new ServerInfo(
                orUnknown(Cells.text(page, row, "cluster_name")),
                orUnknown(Cells.text(page, row, "release_version")),
                orUnknown(Cells.text(page, row, "cql_version")));
    }

    private static String orUnknown(@Nullable String text) {
        return text == null ? "unknown" : text;
    }

    /// Goes on as another user, in the same keyspace; as the old one if that fails.
    void login(String username, String password) {
        Target next =
                new Target(
                        target.host(),
                        target.port(),
                        client.keyspace(),
                        username,
                        password,
                        target.ssl(),
                        target.certificates(),
                        target.connectTimeout(),
                        target.requestTimeout(),
                        target.protocolVersion());
        CqlClient connected = factory.connect(next);
        client.close();
        client = connected;
        target = next;
    }

    @Override
    public void close() {
        client.close();
    }
}
