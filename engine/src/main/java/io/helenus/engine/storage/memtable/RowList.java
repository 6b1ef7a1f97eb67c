package io.helenus.engine.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The entries of a partition that has more than one: a skip list with links in both directions.
/// The stripe's holder alone changes it and removes nothing. Readers take no lock: a reader's sequence
/// was published after everything that it may see had been linked, forwards, backwards and above, so
/// a link that it misses leads only to what it may not see.
final class RowList {
    static final int LEVELS_MAX = 16;

    private static final VarHandle NEXT;
    private static final VarHandle PREVIOUS;
    private static final VarHandle TOWER;
    private static final VarHandle LINK = MethodHandles.arrayElementVarHandle(Node[].class);
    private static final Node[] NO_TOWER = {};

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
            PREVIOUS = lookup.findVarHandle(Node.class, "previous", Node.class);
            TOWER = lookup.findVarHandle(Node.class, "tower", Node[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static final class Node extends Entry {
        private volatile @Nullable Node next;
        private volatile @Nullable Node previous;

        /// Links of levels 1 and up. Grows in the list's head only.
        private volatile Node[] tower;

        Node(byte[] position, @Nullable Version<byte[]> head, int level) {
            super(position, head);
            tower = level == 0 ? NO_TOWER : new Node[level];
        }

        @Nullable Node next() {
            return next;
        }

        /// Null at the first.
        @Nullable Node previous() {
            return previous;
        }

        /// The next one at a level that this node has.
        private @Nullable Node next(int level) {
            return level == 0 ? next() : (Node) LINK.getAcquire(tower, level - 1);
        }

        private void setNext(int level, Node node) {
            if (level == 0) {
                NEXT.setRelease(this, node);
            } else {
                LINK.setRelease(tower, level - 1, node);
            }
        }
    }

    private final Node head = new Node(new byte[0], null, 0);

    /// The holder's: the last node of each level, or the head.
    private Node[] last = {head};

    /// The entry at this position, or null.
    @Nullable Node find(byte[] key, int offset, int length) {
        Node node = firstAtOrAfter(key, offset, length);
        return node != null && node.compareTo(key, offset, length) == 0 ? node : null;
    }

    @Nullable Node first() {
        return head.next();
    }

    @Nullable Node firstAtOrAfter(byte[] key, int offset, int length) {
        return lastBeforeOrHead(key, offset, length).next();
    }

    @Nullable Node lastBefore(byte[] key, int offset, int length) {
        // Nothing can be linked in between and be visible to this reader.
        Node node = lastBeforeOrHead(key, offset, length);
        return node == head ? null : node;
    }

    @Nullable Node last() {
        Node node = head;
        for (int level = head.tower.length; level >= 0; level--) {
            Node next = node.next(level);
            while (next != null) {
                node = next;
                next = node.next(level);
            }
        }
        return node == head ? null : node;
    }

    private Node lastBeforeOrHead(byte[] key, int offset, int length) {
        Node before = head;
        Node notBefore = null;
        for (int level = head.tower.length; level >= 0; level--) {
            Node next = before.next(level);
            while (next != null && next != notBefore) {
                if (next.compareTo(key, offset, length) >= 0) {
                    notBefore = next;
                    break;
                }
                before = next;
                next = before.next(level);
            }
        }
        return before;
    }

    /// The holder's: finds the entry at a position, or links a new one without a version.
    ///
    /// @param path scratch of [#LEVELS_MAX] nodes
    /// @param level of the node if it is new
    Node findOrInsert(byte[] key, int offset, int length, Node[] path, int level) {
        Node found = locate(key, offset, length, path);
        if (found != null) {
            return found;
        }
        byte[] position = new byte[length];
        System.arraycopy(key, offset, position, 0, length);
        Node node = new Node(position, null, level);
        link(node, path, level);
        return node;
    }

    /// The holder's: takes over the only entry that the partition had until now.
    void adopt(Entry entry) {
        Node node = new Node(entry.position, entry.head(), 0);
        link(node, new Node[] {head}, 0);
    }

    private @Nullable Node locate(byte[] key, int offset, int length, Node[] path) {
        Node end = last[0];
        if (end != head) {
            int order = end.compareTo(key, offset, length);
            if (order == 0) {
                return end;
            }
            if (order < 0) {
                System.arraycopy(last, 0, path, 0, last.length);
                return null;
            }
        }
        Node before = head;
        Node notBefore = null;
        boolean equal = false;
        for (int level = last.length - 1; level >= 0; level--) {
            Node next = before.next(level);
            while (next != null && next != notBefore) {
                int order = next.compareTo(key, offset, length);
                if (order >= 0) {
                    notBefore = next;
                    equal = order == 0;
                    break;
                }
                before = next;
                next = before.next(level);
            }
            path[level] = before;
        }
        return equal ? notBefore : null;
    }

    private void link(Node node, Node[] path, int level) {
        while (last.length <= level) {
            int grown = last.length;
            Node[] taller = new Node[grown];
            System.arraycopy(head.tower, 0, taller, 0, grown - 1);
            TOWER.setRelease(head, taller);
            last = Arrays.copyOf(last, grown + 1);
            last[grown] = head;
            path[grown] = head;
        }
        Node after = path[0].next;
        node.previous = path[0] == head ? null : path[0];
        for (int i = 0; i <= level; i++) {
            Node next = path[i].next(i);
            if (next == null) {
                last[i] = node;
            } else {
                node.setNext(i, next);
            }
        }
        if (after != null) {
            PREVIOUS.setRelease(after, node);
        }
        for (int i = 0; i <= level; i++) {
            path[i].setNext(i, node);
        }
    }
}
