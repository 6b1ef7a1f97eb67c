package io.helenus.shell;

import io.helenus.shell.CqlClient.Column;
import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.format.FormattedText;
import io.helenus.shell.format.Paint;
import io.helenus.shell.format.TableFormatter;
import io.helenus.shell.format.ValueFormatter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sends CQL to the server and prints the answer: a table, page by page, warnings, a trace, or why it
/// failed.
final class StatementRunner {
    private static final Set<String> SCHEMA_CHANGES = Set.of("CREATE", "ALTER", "DROP");
    private static final Pattern READS_TRACES =
            Pattern.compile("\\bfrom\\s+\"?system_traces\\b", Pattern.CASE_INSENSITIVE);

    private final ClientHolder holder;
    private final Settings settings;
    private final Output output;
    private final SchemaNames names;
    private final Traces traces;
    private final Dialog dialog;
    private final boolean debug;

    StatementRunner(
            ClientHolder holder,
            Settings settings,
            Output output,
            SchemaNames names,
            Traces traces,
            Dialog dialog,
            boolean debug) {
        this.holder = holder;
        this.settings = settings;
        this.output = output;
        this.names = names;
        this.traces = traces;
        this.dialog = dialog;
        this.debug = debug;
    }

    /// @param typed whether it comes from somebody at a terminal, who wants to see page after page
    void run(String cql, boolean typed) throws InterruptedException {
        String kind = CommandParser.firstWord(cql);
        boolean traced = settings.tracing && !readsTraces(kind, cql);
        UUID trace;
        try {
            trace = print(kind, execute(kind, cql, traced), typed);
        } catch (CqlException e) {
            output.failure(e, debug);
            ErrorPlace.marked(cql, e.serverMessage()).forEach(output::errorDetail);
            return;
        }
        if (trace != null) {
            traces.show(trace, true);
        } else if (traced) {
            output.error("The server did not trace the statement.");
        }
    }

    private Page execute(String kind, String cql, boolean traced) throws InterruptedException {
        Page page = holder.client().execute(settings.request(cql, traced));
        if (SCHEMA_CHANGES.contains(kind)) {
            names.forget();
            if (!page.schemaInAgreement()) {
                output.notice(
                        "Warning: schema version mismatch detected; check the schema versions of"
                                + " your nodes in system.local and system.peers.");
            }
        }
        return page;
    }

    /// Reading traces is not traced, or each look would add another one.
    private boolean readsTraces(String kind, String cql) {
        return kind.equals("SELECT")
                && (READS_TRACES.matcher(cql).find()
                        || "system_traces".equals(holder.client().keyspace()));
    }

    /// Prints all pages; the id of the first one's trace, if there is one.
    private @Nullable UUID print(String kind, Page first, boolean typed)
            throws InterruptedException {
        boolean counted =
                !first.columns().isEmpty() && (kind.equals("SELECT") || kind.equals("LIST"));
        Set<String> warnings = new LinkedHashSet<>(first.warnings());
        if (counted) {
            output.result("");
            printPages(first, typed, warnings);
        } else if (!first.rows().isEmpty()) {
            output.result(""); // a conditional update: what was applied
            printTable(first, true, typed, 0);
        }
        printWarnings(warnings);
        output.flush();
        return first.tracingId();
    }

    private void printPages(Page first, boolean typed, Set<String> warnings)
            throws InterruptedException {
        int rows = 0;
        Page page = first;
        boolean header = true;
        while (true) {
            if (header || !page.rows().isEmpty()) {
                printTable(page, header || typed, typed, rows);
                rows += page.rows().size();
            }
            header = false;
            CqlClient.NextPage next = page.next();
            if (next == null) {
                break;
            }
            output.flush();
            if (typed && output.capturedTo() == null && !dialog.more()) {
                return;
            }
            page = next.fetch();
            warnings.addAll(page.warnings());
        }
        if (!typed) {
            output.result("");
        }
        output.result("(" + rows + " rows)");
    }

    private void printTable(Page page, boolean header, boolean typed, int rowsBefore)
            throws InterruptedException {
        ValueFormatter formatter = output.formatter();
        List<FormattedText> columns = columnNames(page.columns(), formatter);
        if (page.rows().isEmpty()) {
            TableFormatter.table(columns, List.of(), true, formatter.color())
                    .forEach(output::result);
            output.result("");
            return;
        }
        List<List<FormattedText>> rows = new ArrayList<>(page.rows().size());
        for (List<@Nullable ByteBuffer> cells : page.rows()) {
            List<FormattedText> row = new ArrayList<>(cells.size());
            for (int i = 0; i < cells.size(); i++) {
                row.add(formatter.value(page.columns().get(i).type(), cells.get(i)));
            }
            rows.add(row);
        }
        boolean color = formatter.color();
        if (settings.expand) {
            TableFormatter.expanded(columns, rows, rowsBefore + 1, color).forEach(output::result);
            return;
        }
        TableFormatter.table(columns, rows, header, color).forEach(output::result);
        if (typed) {
            output.result("");
        }
    }

    private List<FormattedText> columnNames(List<Column> columns, ValueFormatter formatter)
            throws InterruptedException {
        List<FormattedText> texts = new ArrayList<>();
        for (Column column : columns) {
            Paint paint = Paint.COLUMN;
            if (formatter.color()) {
                Map<String, Paint> roles = names.columns(column.keyspace(), column.table());
                paint = roles.getOrDefault(column.name(), Paint.COLUMN);
            }
            texts.add(formatter.columnName(column.name(), paint));
        }
        return texts;
    }

    private void printWarnings(Set<String> warnings) {
        if (warnings.isEmpty()) {
            return;
        }
        output.result("");
        output.result("Warnings :");
        for (String warning : warnings) {
            output.result(warning);
            output.result("");
        }
    }
}
