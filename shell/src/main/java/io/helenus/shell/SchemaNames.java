package io.helenus.shell;

import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.format.Paint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Names of the schema, for colours and completion: asked of the server when first needed, kept until
/// a statement may have changed them. What the server refuses to say counts as empty.
final class SchemaNames {
    private final ClientHolder holder;
    private final Map<String, Map<String, Paint>> columns = new HashMap<>();
    private final Map<String, List<String>> tables = new HashMap<>();
    private @Nullable List<String> keyspaces;

    SchemaNames(ClientHolder holder) {
        this.holder = holder;
    }

    void forget() {
        columns.clear();
        tables.clear();
        keyspaces = null;
    }

    /// The columns of a table by name, with the colour of their role.
    Map<String, Paint> columns(String keyspace, String table) throws InterruptedException {
        String key = keyspace + "." + table;
        Map<String, Paint> known = columns.get(key);
        if (known != null) {
            return known;
        }
        String where =
                " WHERE keyspace_name = %s AND table_name = %s"
                        .formatted(literal(keyspace), literal(table));
        Map<String, Paint> found = new TreeMap<>();
        for (String schema : List.of("system_schema", "system_virtual_schema")) {
            if (found.isEmpty()) {
                Page page = ask("SELECT column_name, kind FROM " + schema + ".columns" + where);
                for (List<@Nullable ByteBuffer> row : page.rows()) {
                    String name = Cells.text(page, row, "column_name");
                    String kind = Cells.text(page, row, "kind");
                    if (name != null && kind != null) {
                        found.put(name, paint(kind));
                    }
                }
            }
        }
        columns.put(key, found);
        return found;
    }

    private static Paint paint(String kind) {
        return switch (kind) {
            case "partition_key" -> Paint.PARTITION_KEY_COLUMN;
            case "clustering" -> Paint.CLUSTERING_COLUMN;
            case "static" -> Paint.STATIC_COLUMN;
            default -> Paint.COLUMN;
        };
    }

    List<String> keyspaces() throws InterruptedException {
        List<String> known = keyspaces;
        if (known == null) {
            known = new ArrayList<>();
            for (String schema : List.of("system_schema", "system_virtual_schema")) {
                known.addAll(
                        names(
                                "SELECT keyspace_name FROM " + schema + ".keyspaces",
                                "keyspace_name"));
            }
            keyspaces = known;
        }
        return known;
    }

    /// Tables and views of a keyspace.
    List<String> tables(String keyspace) throws InterruptedException {
        List<String> known = tables.get(keyspace);
        if (known == null) {
            String where = " WHERE keyspace_name = " + literal(keyspace);
            known = new ArrayList<>();
            known.addAll(
                    names("SELECT table_name FROM system_schema.tables" + where, "table_name"));
            known.addAll(names("SELECT view_name FROM system_schema.views" + where, "view_name"));
            if (known.isEmpty()) {
                known.addAll(
                        names(
                                "SELECT table_name FROM system_virtual_schema.tables" + where,
                                "table_name"));
            }
            tables.put(keyspace, known);
        }
        return known;
    }

    private List<String> names(String cql, String column) throws InterruptedException {
        Page page = ask(cql);
        List<String> names = new ArrayList<>();
        for (List<@Nullable ByteBuffer> row : page.rows()) {
            String name = Cells.text(page, row, column);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private Page ask(String cql) throws InterruptedException {
        try {
            return holder.query(cql);
        } catch (CqlException e) {
            return new Page(List.of(), List.of(), List.of(), null, true, null);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
