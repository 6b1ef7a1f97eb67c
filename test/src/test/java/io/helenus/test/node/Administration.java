package io.helenus.test.node;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Asks a node's endpoint for administration. Any thread.
public final class Administration {
    private final String address;

    /// @param address host and port
    public Administration(String address) {
        this.address = address;
    }

    public Administration(InetSocketAddress address) {
        this(address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /// What the node refuses to do.
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    public Json.Members get(String path) throws IOException {
        return ask("GET", path, null);
    }

    public Json.Members post(String path, Json.Members parameters) throws IOException {
        return ask("POST", path, parameters.text());
    }

    public Json.Members delete(String path, Json.Members parameters) throws IOException {
        return ask("DELETE", path, parameters.text());
    }

    private Json.Members ask(String method, String path, @Nullable String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + address + path).toURL().openConnection();
        try {
            connection.setRequestMethod(method);
            connection.setReadTimeout((int) Program.LIMIT.toMillis());
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            int status = connection.getResponseCode();
            boolean done = status == HttpURLConnection.HTTP_OK;
            try (InputStream in =
                    done ? connection.getInputStream() : connection.getErrorStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (done) {
                    return (Json.Members) Json.parse(text);
                }
                throw new RefusedException(method + " " + path + ": " + status + " " + text);
            }
        } finally {
            connection.disconnect();
        }
    }
}
