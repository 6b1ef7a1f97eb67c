package io.helenus.engine.query;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The prepared statements of a node, at most so many: the oldest goes when there is one too many, and
/// a client that still has its id is told to prepare again. Any thread.
final class PreparedStatements {
    private final int max;
    private final ConcurrentHashMap<PreparedId, PreparedStatement> byId = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<PreparedId> byAge = new ConcurrentLinkedQueue<>();

    PreparedStatements(int max) {
        this.max = max;
    }

    @Nullable PreparedStatement get(PreparedId id) {
        return byId.get(id);
    }

    /// The statement itself, or the one that is there with its id.
    PreparedStatement add(PreparedStatement statement) {
        PreparedStatement known = byId.putIfAbsent(statement.preparedId(), statement);
        if (known != null) {
            return known;
        }
        byAge.add(statement.preparedId());
        Iterator<PreparedId> oldest = byAge.iterator();
        while (byId.size() > max && oldest.hasNext()) {
            PreparedId id = oldest.next();
            oldest.remove();
            byId.remove(id);
        }
        return statement;
    }
}
