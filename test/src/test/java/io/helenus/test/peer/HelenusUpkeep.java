package io.helenus.test.peer;

import io.helenus.engine.json.Json;
import io.helenus.test.node.Administration;
import java.io.IOException;
import java.util.List;

/// A Helenus, by its endpoint for administration.
final class HelenusUpkeep implements Server.Upkeep {
    private final Administration administration;

    /// @param address host and port
    HelenusUpkeep(String address) {
        administration = new Administration(address);
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
        Json.Members _ =
                administration.post(
                        path,
                        Json.object().put("keyspace", keyspace).putTexts("tables", List.of(table)));
    }

    @Override
    public void close() {
        // no connection is kept
    }
}
