package io.helenus.shell;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;

/// What CONSISTENCY, PAGING, EXPAND and TRACING have set. Belongs to the shell's thread.
final class Settings {
    static final int DEFAULT_PAGE_SIZE = 100;

    ConsistencyLevel consistency = DefaultConsistencyLevel.ONE;
    ConsistencyLevel serialConsistency = DefaultConsistencyLevel.SERIAL;
    boolean paging = true;
    int pageSize = DEFAULT_PAGE_SIZE;
    boolean expand;
    boolean tracing;

    CqlClient.Request request(String cql, boolean traced) {
        return new CqlClient.Request(
                cql, consistency, serialConsistency, paging ? pageSize : 0, traced);
    }
}
