package io.helenus.shell;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.type.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A connection to one server, as far as the shell needs one. Used by one thread; a wait for an
/// answer ends with an InterruptedException when that thread is interrupted.
interface CqlClient extends AutoCloseable {
    /// The first page of the answer.
    ///
    /// @throws CqlException if the server refuses, or there is no answer
    Page execute(Request request) throws InterruptedException;

    /// The keyspace in use, its exact name.
    @Nullable String keyspace();

    int protocolVersion();

    @Override
    void close();

    /// One statement and how to run it.
    ///
    /// @param pageSize rows of a page, 0 for everything at once
    record Request(
            String cql,
            ConsistencyLevel consistency,
            ConsistencyLevel serialConsistency,
            int pageSize,
            boolean tracing) {}

    record Column(String keyspace, String table, String name, DataType type) {}

    /// Fetches what comes after a page.
    @FunctionalInterface
    interface NextPage {
        Page fetch() throws InterruptedException;
    }

    /// Some rows of an answer.
    ///
    /// @param tracingId null unless the statement was traced
    /// @param schemaInAgreement false after a schema change that not all nodes have seen
    /// @param next null if this is the last page
    record Page(
            List<Column> columns,
            List<List<@Nullable ByteBuffer>> rows,
            List<String> warnings,
            @Nullable UUID tracingId,
            boolean schemaInAgreement,
            @Nullable NextPage next) {
        public Page {
            columns = List.copyOf(columns);
            List<List<@Nullable ByteBuffer>> copy = new ArrayList<>(rows);
            rows = Collections.unmodifiableList(copy); // cells may be null
            warnings = List.copyOf(warnings);
        }

        int indexOf(String column) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(column)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
