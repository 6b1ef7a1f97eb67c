package io.helenus.tools.bulk;

import io.helenus.engine.EmbeddedSession;
import io.helenus.engine.Helenus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

/// A node in this process, and the tool beside it. One test thread.
final class ToolNode implements AutoCloseable {
    private final Helenus node;
    private final int storagePort;
    private String out = "";
    private String err = "";

    ToolNode(Path directory, String... statements) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            storagePort = socket.getLocalPort();
        }
        node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .nativeAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .set("storage_port", Integer.toString(storagePort))
                        .start();
        for (String statement : statements) {
            var _ = session().execute(statement);
        }
    }

    EmbeddedSession session() {
        return node.session();
    }

    List<String> rows(String cql) {
        return session().execute(cql).rows().stream().map(Object::toString).toList();
    }

    /// Where SSTables go.
    String host() {
        return "127.0.0.1:" + storagePort;
    }

    /// Where clients go.
    String client() {
        return "127.0.0.1:" + node.nativeAddress().orElseThrow().getPort();
    }

    /// @return the exit code
    int run(String... arguments) {
        return run(List.of(arguments), new StringWriter());
    }

    /// @param errText takes what it says to its standard error
    /// @return the exit code
    int run(List<String> arguments, StringWriter errText) {
        StringWriter outText = new StringWriter();
        int code =
                BulkTool.run(
                        arguments,
                        InputStream.nullInputStream(),
                        new PrintWriter(outText),
                        new PrintWriter(errText));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }

    @Override
    public void close() {
        node.close();
    }
}
