package io.helenus.engine.schema;

import io.helenus.cql.CqlParser;
import io.helenus.cql.CqlSyntaxException;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Use;
import io.helenus.engine.error.CqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A client that sends text and reads lines: one node in datacenter1, as the recorded one was.
final class DdlSession {
    private static final Pattern SELECT =
            Pattern.compile("SELECT (.*) FROM (system\\w*)\\.(\\w+)(?: WHERE (.*))?");
    private static final Pattern EQUALS = Pattern.compile("(\\w+)\\s*=\\s*'([^']*)'");

    private final DdlContext context;
    private final List<SchemaTransformation> applied = new ArrayList<>();
    private Schema schema = SystemSchema.initial(List.of());
    private @Nullable String keyspace;
    private long tables;
    private long micros = 1_700_000_000_000_000L;

    DdlSession() {
        this.context =
                new DdlContext(
                        Map.of("datacenter1", 1),
                        1,
                        () -> micros += 1000,
                        () -> new UUID(0x1000, ++tables),
                        false);
    }

    Schema schema() {
        return schema;
    }

    List<SchemaTransformation> applied() {
        return applied;
    }

    List<String> run(String text) {
        Matcher select = SELECT.matcher(text);
        if (select.matches()) {
            return select(select);
        }
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(execute(CqlParser.parse(text)));
        } catch (CqlSyntaxException e) {
            lines.add("ERROR 2000 " + e.getMessage());
        } catch (CqlException.AlreadyExists e) {
            lines.add("ERROR 2400 %s [%s.%s]".formatted(e.getMessage(), e.keyspace(), e.table()));
        } catch (CqlException e) {
            lines.add("ERROR %04x %s".formatted(e.code().value(), e.getMessage()));
        }
        return lines;
    }

    private List<String> execute(CqlStatement statement) {
        return switch (statement) {
            case SchemaStatement ddl -> ddl(ddl);
            case Describe describe -> describe(describe);
            case Use use -> {
                keyspace = use.keyspace().text();
                yield List.of("VOID");
            }
            default -> throw new IllegalArgumentException(statement.toString());
        };
    }

    private List<String> ddl(SchemaStatement statement) {
        DdlPlan plan = new DdlAnalyzer(schema, context, keyspace).analyze(statement);
        List<String> lines = new ArrayList<>();
        plan.warnings().forEach(warning -> lines.add("WARN " + warning));
        SchemaTransformation transformation = plan.transformation();
        if (transformation == null) {
            lines.add("VOID");
            return lines;
        }
        schema = schema.apply(transformation);
        applied.add(transformation);
        SchemaChange change = transformation.change();
        lines.add(
                "CHANGE %s %s %s %s"
                        .formatted(change.kind(), change.target(), change.keyspace(), change.name())
                        .strip());
        return lines;
    }

    private List<String> describe(Describe describe) {
        DescribeAnswer.Cluster cluster =
                new DescribeAnswer.Cluster(
                        "peer",
                        "Murmur3Partitioner",
                        "DynamicEndpointSnitch",
                        _ -> Map.of("5", List.of("/127.0.0.8:7000")));
        DescribeAnswer answer = DescribeAnswer.of(describe, schema, keyspace, cluster);
        List<String> lines = new ArrayList<>();
        for (byte[][] row : answer.rows()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                values.add(TestValues.show(answer.columns().get(i).type(), row[i]));
            }
            lines.add("ROW " + String.join(" | ", values));
        }
        return lines.isEmpty() ? List.of("NO ROWS") : lines;
    }

    private List<String> select(Matcher select) {
        String selection = select.group(1);
        String tableName = select.group(3);
        String where = select.group(4);
        TableSchema table = schema.table(select.group(2), tableName);
        if (table == null) {
            throw new IllegalArgumentException(tableName);
        }
        VirtualTable virtual = new VirtualTables(() -> schema, List.of()).find(table.id());
        if (virtual == null) {
            throw new IllegalArgumentException(tableName);
        }
        List<ColumnSchema> selected = new ArrayList<>();
        if (selection.equals("*")) {
            selected.addAll(table.selectOrder());
        } else {
            for (String name : selection.split(",\\s*")) {
                selected.add(TestValues.column(table, name));
            }
        }
        List<String> lines = new ArrayList<>();
        virtual.rows(values -> {
            Matcher equals = EQUALS.matcher(where == null ? "" : where);
            while (equals.find()) {
                int at = table.columns().indexOf(TestValues.column(table, equals.group(1)));
                if (!TestValues.text(values[at]).equals(equals.group(2))) {
                    return;
                }
            }
            List<String> shown = new ArrayList<>();
            for (ColumnSchema column : selected) {
                byte[] value = values[table.columns().indexOf(column)];
                shown.add(TestValues.show(column.type(), value));
            }
            lines.add("ROW " + String.join(" | ", shown));
        });
        return lines.isEmpty() ? List.of("NO ROWS") : lines;
    }
}
