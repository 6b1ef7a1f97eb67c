package io.helenus.shell;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.helenus.shell.Command.Describe;
import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.CqlClient.Request;
import io.helenus.shell.format.NameColumns;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// DESCRIBE: the server does it, here its answer is printed as the statements or names that it is.
final class Describer {
    private final ClientHolder holder;
    private final Output output;

    Describer(ClientHolder holder, Output output) {
        this.holder = holder;
        this.output = output;
    }

    void run(Describe command) throws InterruptedException {
        List<Page> pages;
        try {
            pages = fetch(command.cql());
        } catch (CqlException e) {
            output.error(e.serverMessage());
            ErrorPlace.marked(command.cql(), e.serverMessage()).forEach(output::errorDetail);
            return;
        }
        switch (command.what()) {
            case "keyspaces" -> keyspaces(pages);
            case "tables", "columnfamilies", "types", "functions", "aggregates" -> names(pages);
            case "cluster" -> cluster(pages);
            default -> statements(pages);
        }
        Set<String> warnings = new LinkedHashSet<>();
        pages.forEach(page -> warnings.addAll(page.warnings()));
        warnings.forEach(output::say);
        output.flush();
    }

    private List<Page> fetch(String cql) throws InterruptedException {
        Page page =
                holder.client()
                        .execute(
                                new Request(
                                        cql,
                                        DefaultConsistencyLevel.LOCAL_ONE,
                                        DefaultConsistencyLevel.SERIAL,
                                        Settings.DEFAULT_PAGE_SIZE,
                                        false));
        List<Page> pages = new ArrayList<>(List.of(page));
        for (CqlClient.NextPage next = page.next(); next != null; next = page.next()) {
            page = next.fetch();
            pages.add(page);
        }
        return pages;
    }

    private void statements(List<Page> pages) {
        for (Page page : pages) {
            for (List<@Nullable ByteBuffer> row : page.rows()) {
                output.say("");
                output.result(text(page, row, "create_statement"));
            }
        }
    }

    private void keyspaces(List<Page> pages) {
        List<String> names = new ArrayList<>();
        for (Page page : pages) {
            page.rows().forEach(row -> names.add(text(page, row, "name")));
        }
        output.say("");
        NameColumns.of(names).forEach(output::say);
        output.say("");
    }

    private void names(List<Page> pages) {
        String keyspace = null;
        List<String> names = new ArrayList<>();
        for (Page page : pages) {
            for (List<@Nullable ByteBuffer> row : page.rows()) {
                String rowKeyspace = text(page, row, "keyspace_name");
                if (!rowKeyspace.equals(keyspace)) {
                    namesOf(keyspace, names);
                    keyspace = rowKeyspace;
                    names.clear();
                }
                names.add(text(page, row, "name"));
            }
        }
        namesOf(keyspace, names);
        if (keyspace != null) {
            output.say("");
        }
    }

    private void namesOf(@Nullable String keyspace, List<String> names) {
        if (keyspace == null) {
            return;
        }
        output.say("");
        if (holder.client().keyspace() == null) {
            output.say("Keyspace " + keyspace);
            output.say("---------" + "-".repeat(keyspace.length()));
        }
        NameColumns.of(names).forEach(output::say);
    }

    private void cluster(List<Page> pages) {
        for (Page page : pages) {
            for (List<@Nullable ByteBuffer> row : page.rows()) {
                output.say("");
                output.say("Cluster: " + text(page, row, "cluster"));
                output.say("Partitioner: " + text(page, row, "partitioner"));
                output.say("Snitch: " + text(page, row, "snitch"));
                output.say("");
                int ownership = page.indexOf("range_ownership");
                ByteBuffer ranges = ownership < 0 ? null : row.get(ownership);
                if (ranges != null) {
                    output.say("Range ownership:");
                    RangeOwnership.lines(ranges).forEach(output::say);
                    output.say("");
                }
            }
        }
    }

    private static String text(Page page, List<@Nullable ByteBuffer> row, String column) {
        String text = Cells.text(page, row, column);
        return text == null ? "" : text;
    }
}
