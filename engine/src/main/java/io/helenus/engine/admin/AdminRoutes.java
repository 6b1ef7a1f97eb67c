package io.helenus.engine.admin;

import io.helenus.engine.schema.Schema;
import io.helenus.engine.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// All that can be asked for, put together. Stateless.
public final class AdminRoutes {
    private AdminRoutes() {}

    /// @param schema the current one
    public static List<AdminRoute> of(
            NodeControl node, Supplier<Schema> schema, StorageEngine storage) {
        TableSelection tables = new TableSelection(schema, storage);
        return new ArrayList<>(new NodeRoutes(node, storage, tables).routes());
    }
}
