package io.helenus.gossip.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A range whose replicas are others after a change: what streaming has to do. Those gained fetch
/// from any of `before`; for a copy that misses nothing that was acknowledged each fetches from one
/// that is lost (or dead), where there is one.
public record RangeMovement(TokenRange range, Replicas before, Replicas after) {
    public Replicas gained() {
        return after.minus(before);
    }

    public Replicas lost() {
        return before.minus(after);
    }

    /// All of them from one placement to another, in ring order, neighbours with the same replicas
    /// as one range. Pending replicas are not looked at.
    public static List<RangeMovement> between(Placement before, Placement after) {
        TreeSet<Long> ends = new TreeSet<>();
        for (int i = 0; i < before.rangeCount(); i++) {
            ends.add(before.range(i).right());
        }
        for (int i = 0; i < after.rangeCount(); i++) {
            ends.add(after.range(i).right());
        }
        List<RangeMovement> movements = new ArrayList<>();
        long left = ends.last();
        for (long right : ends) {
            Replicas from = before.natural(right);
            Replicas to = after.natural(right);
            if (!from.minus(to).isEmpty() || !to.minus(from).isEmpty()) {
                add(movements, new RangeMovement(new TokenRange(left, right), from, to));
            }
            left = right;
        }
        return List.copyOf(movements);
    }

    private static void add(List<RangeMovement> movements, RangeMovement next) {
        if (!movements.isEmpty()) {
            RangeMovement last = movements.getLast();
            if (last.range.right() == next.range.left()
                    && last.before.equals(next.before)
                    && last.after.equals(next.after)) {
                movements.removeLast();
                TokenRange joined = new TokenRange(last.range.left(), next.range.right());
                movements.add(new RangeMovement(joined, next.before, next.after));
                return;
            }
        }
        movements.add(next);
    }
}
