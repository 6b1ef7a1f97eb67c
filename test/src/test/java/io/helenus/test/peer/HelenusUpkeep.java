package io.helenus.test.peer;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A Helenus, by its endpoint for administration.
final class HelenusUpkeep implements Server.Upkeep {
    private final String address;

    /// @param address host and port
    HelenusUpkeep(String address) {
        this.address = address;
    }

    @Override
    public void flush(String keyspace, String table) throws IOException {
        post("/v1/flush", keyspace, table);
    }

    @Override
    public void compact(String keyspace, String table) throws IOException {
        post("/v1/compact", keyspace, table);
    }

    private void post(String path, String keyspace, String table) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + address + path).toURL().openConnection();
        try {
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            String body =
                    Json.object()
                            .put("keyspace", keyspace)
                            .putTexts("tables", List.of(table))
                            .text();
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                byte[] answer = connection.getErrorStream().readAllBytes();
                throw new IOException(path + ": " + new String(answer, StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        // no connection is kept
    }
}
