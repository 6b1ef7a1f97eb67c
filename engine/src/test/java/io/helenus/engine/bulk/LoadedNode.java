package io.helenus.engine.bulk;

import io.helenus.engine.EmbeddedResult;
import io.helenus.engine.Helenus;
import io.helenus.engine.storage.TableImport;
import io.helenus.engine.storage.TableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A node with one keyspace, `ks`, into which directories of files are taken.
final class LoadedNode implements AutoCloseable {
    private final Helenus node;

    LoadedNode(Path directory, String... definitions) throws IOException {
        node = Helenus.embedded().dataDirectory(directory).start();
        execute(
                "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        for (String definition : definitions) {
            execute(definition);
        }
    }

    EmbeddedResult execute(String cql, @Nullable Object... values) {
        return node.session().execute(cql, values);
    }

    /// All rows, in the words of `toString`.
    List<String> rows(String cql) {
        return execute(cql).rows().stream().map(Object::toString).toList();
    }

    TableStore table(String name) {
        Object id =
                execute(
                                "SELECT id FROM system_schema.tables WHERE keyspace_name = 'ks' AND table_name = ?",
                                name)
                        .rows()
                        .getFirst()
                        .get("id");
        return Objects.requireNonNull(
                node.storage().table((UUID) Objects.requireNonNull(id)), name);
    }

    /// Takes all SSTables of a directory in, fully verified.
    void load(String table, Path directory) throws IOException {
        TableImport importer = table(table).importer();
        var _ = importer.run(importer.found(directory));
    }

    @Override
    public void close() {
        node.close();
    }
}
