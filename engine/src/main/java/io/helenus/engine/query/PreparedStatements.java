package io.helenus.engine.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The prepared statements of a node, at most so many and so many characters of text: when there is too
/// much, those go that have not been used for longest, about, and a client that still has the id of one
/// is told to prepare again. Any thread.
///
/// Order of use is kept as a clock does it: a look-up only marks its statement, and whoever looks for one
/// to drop gives those that are marked another round.
final class PreparedStatements {
    private final int max;
    private final long charsMax;
    private final ConcurrentHashMap<PreparedId, PreparedStatement> byId = new ConcurrentHashMap<>();

    // Guarded by this.
    private final Deque<PreparedStatement> round = new ArrayDeque<>();
    private long chars;

    PreparedStatements(int max, long charsMax) {
        this.max = max;
        this.charsMax = charsMax;
    }

    @Nullable PreparedStatement get(PreparedId id) {
        PreparedStatement found = byId.get(id);
        if (found != null) {
            found.markUsed();
        }
        return found;
    }

    /// The statement itself, or the one that is there with its id.
    PreparedStatement add(PreparedStatement statement) {
        PreparedStatement known = byId.putIfAbsent(statement.preparedId(), statement);
        if (known != null) {
            return known;
        }
        synchronized (this) {
            chars += statement.text().length();
            dropUnused();
            round.add(statement);
        }
        return statement;
    }

    /// Until there is room for one that is not in the round yet. Two rounds at most: the first one takes
    /// all marks away.
    private void dropUnused() {
        while (!round.isEmpty() && (round.size() >= max || chars > charsMax)) {
            PreparedStatement oldest = round.remove();
            if (oldest.takeUsed()) {
                round.add(oldest);
            } else {
                byId.remove(oldest.preparedId(), oldest);
                chars -= oldest.text().length();
            }
        }
    }

    /// Forgets a statement, but not another one that has taken its place.
    void remove(PreparedStatement statement) {
        if (byId.remove(statement.preparedId(), statement)) {
            synchronized (this) {
                if (round.remove(statement)) {
                    chars -= statement.text().length();
                }
            }
        }
    }

    /// All of them, in no particular order.
    List<PreparedStatement> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }
}
