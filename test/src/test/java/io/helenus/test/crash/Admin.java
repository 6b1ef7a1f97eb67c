package io.helenus.test.crash;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks a node's endpoint for administration. Any thread.
final class Admin {
    private static final int STATUS_OK = 200;

    private final int port;

    Admin(int port) {
        this.port = port;
    }

    /// What the node refuses to do.
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    Json.Members get(String path) throws IOException {
        return ask("GET", path, null);
    }

    Json.Members post(String path, Json.Members parameters) throws IOException {
        return ask("POST", path, parameters.text());
    }

    Json.Members delete(String path, Json.Members parameters) throws IOException {
        return ask("DELETE", path, parameters.text());
    }

    private Json.Members ask(
            String method, String path, @org.jspecify.annotations.Nullable String body)
            throws IOException {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        HttpURLConnection connection =
                (HttpURLConnection)
                        URI.create("http://" + host + ":" + port + path).toURL().openConnection();
        try {
            connection.setRequestMethod(method);
            connection.setReadTimeout((int) Child.LIMIT.toMillis());
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            int status = connection.getResponseCode();
            try (var in =
                    status == STATUS_OK
                            ? connection.getInputStream()
                            : connection.getErrorStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (status == STATUS_OK) {
                    return (Json.Members) Json.parse(text);
                }
                throw new RefusedException(method + " " + path + ": " + status + " " + text);
            }
        } finally {
            connection.disconnect();
        }
    }
}
