package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.manifest.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Damaged files: which there are, and whether they still are.
final class DamageRoutes {
    private final StorageEngine storage;
    private final TableSelection tables;

    DamageRoutes(StorageEngine storage, TableSelection tables) {
        this.storage = storage;
        this.tables = tables;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/v1/sstables/damaged", _ -> damaged()),
                AdminRoute.change("POST", "/v1/sstables/recheck", this::recheck, "files"));
    }

    private Json damaged() {
        List<Json> found = new ArrayList<>();
        for (TableStore table : storage.tables()) {
            for (SSTable sstable : table.sstables()) {
                RuntimeException damage = sstable.damage();
                if (damage != null) {
                    found.add(
                            described(sstable).put("damage", String.valueOf(damage.getMessage())));
                }
            }
        }
        for (TableSchema table : tables.unserved(List.of())) {
            found.add(
                    Json.object()
                            .put("file", Manifest.FILE_NAME)
                            .put("keyspace", table.keyspace())
                            .put("table", table.name())
                            .put("bytes", 0)
                            .put(
                                    "damage",
                                    String.valueOf(TableSelection.unserved(table).getMessage())));
        }
        return Json.object().put("damaged", new Json.Items(found));
    }

    private static Json.Members described(SSTable sstable) {
        return Json.object()
                .put("file", sstable.path().toString())
                .put("keyspace", sstable.table().name().keyspace())
                .put("table", sstable.table().name().table())
                .put("bytes", sstable.file().bytes());
    }

    /// Reads files from their first byte to their last.
    private Json recheck(AdminRequest request) throws IOException {
        List<Json> answers = new ArrayList<>();
        int damaged = 0;
        for (SSTable sstable : tables.sstables(request)) {
            String damage;
            try {
                damage = sstable.table().recheck(sstable);
            } catch (IllegalArgumentException e) {
                throw AdminException.conflict(String.valueOf(e.getMessage()));
            }
            damaged += damage == null ? 0 : 1;
            answers.add(described(sstable).put("damage", damage));
        }
        return Json.object().put("files", new Json.Items(answers)).put("damaged", damaged);
    }
}
