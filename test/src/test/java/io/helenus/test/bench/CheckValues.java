package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Reads the table of the load generator, `bench.kv`, page by page, and compares it with what must be
/// there: after `load` every key with its own value, after `write` every key with some value that the
/// generator writes; no key twice, none besides.
///
///     CheckValues HOST PORT loaded|overwritten ROWS
///
/// Ends with 0 if all is as it must be, 1 if not, 2 if the command line was wrong.
final class CheckValues {
    private static final int PAGE_ROWS = 5_000;
    private static final int SHOWN_MAX = 5;

    private final LoadgenValues values = new LoadgenValues();
    private final boolean overwritten;
    private final int rows;
    private final BitSet seen;
    private long found;
    private long wrong;
    private long strange;

    private CheckValues(boolean overwritten, int rows) {
        this.overwritten = overwritten;
        this.rows = rows;
        seen = new BitSet(rows);
    }

    public static void main(String[] arguments) {
        if (arguments.length != 4 || !arguments[2].matches("loaded|overwritten")) {
            System.err.println("usage: CheckValues HOST PORT loaded|overwritten ROWS");
            System.exit(2);
        }
        InetSocketAddress server =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        CheckValues check =
                new CheckValues(arguments[2].equals("overwritten"), Integer.parseInt(arguments[3]));
        long begin = System.nanoTime();
        try (CqlSession session = BenchSession.open(server)) {
            check.scan(session);
        }
        check.print(arguments[2], (System.nanoTime() - begin) / 1e9);
        System.exit(check.isGood() ? 0 : 1);
    }

    private void scan(CqlSession session) {
        SimpleStatement all =
                SimpleStatement.newInstance("SELECT pk, ck, v FROM bench.kv")
                        .setPageSize(PAGE_ROWS);
        for (Row row : session.execute(all)) {
            check(row.getLong(0), row.getInt(1), row.getByteBuffer(2));
        }
    }

    private void check(long key, int clustering, @Nullable ByteBuffer value) {
        found++;
        if (key < 0 || key >= rows || clustering != 0 || seen.get((int) key)) {
            strange++;
            show("Row (%d, %d) is twice there or should not be there", key, clustering);
            return;
        }
        seen.set((int) key);
        boolean good =
                value != null
                        && (overwritten ? values.isAnyWindow(value) : values.isLoaded(key, value));
        if (!good) {
            wrong++;
            show("Row (%d, %d) has a wrong value", key, clustering);
        }
    }

    private void show(String problem, long key, int clustering) {
        if (wrong + strange <= SHOWN_MAX) {
            System.err.println(problem.formatted(key, clustering));
        }
    }

    private int missing() {
        return rows - seen.cardinality();
    }

    private boolean isGood() {
        return wrong == 0 && strange == 0 && missing() == 0;
    }

    private void print(String expected, double seconds) {
        System.out.println(
                "{\"check\":\"%s\",\"rows\":%d,\"wrong\":%d,\"missing\":%d,\"strange\":%d,\"seconds\":%.1f}"
                        .formatted(expected, found, wrong, missing(), strange, seconds));
    }
}
