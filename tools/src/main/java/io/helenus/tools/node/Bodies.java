package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parts of requests that several commands have. Stateless.
final class Bodies {
    private Bodies() {}

    /// A keyspace, or none for all, and its tables, or none for all. An empty name is not none: it is what
    /// a script's variable is when nobody has set it.
    static Json.Members tables(@Nullable String keyspace, List<String> tables) {
        Json.Members body = Json.object();
        if (keyspace != null) {
            body.put("keyspace", keyspace);
        }
        if (!tables.isEmpty()) {
            body.putTexts("tables", tables);
        }
        return body;
    }

    /// The same for a request without a body.
    static Map<String, String> query(@Nullable String keyspace, List<String> tables) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (keyspace != null) {
            parameters.put("keyspace", keyspace);
        }
        if (!tables.isEmpty()) {
            parameters.put("tables", String.join(",", tables));
        }
        return parameters;
    }
}
