package io.helenus.engine.storage.memtable;

/// The entries of a partition that has more than one: a skip list with links in both directions, in
/// the words of a [StripeMemory]. The stripe's holder alone changes it and removes nothing. Readers
/// take no lock: a reader's sequence was published after everything that it may see had been linked,
/// forwards, backwards and above, so a link that it misses leads only to what it may not see.
///
/// | record | words      | meaning                                                                |
/// |--------|------------|------------------------------------------------------------------------|
/// | list   | 1          | levels in use                                                          |
/// |        | 1          | levels that there is room for, L                                       |
/// |        | L          | first node of each level                                               |
/// |        | L          | last node of each level, or the list itself; the holder's              |
/// | node   | 2          | entry                                                                  |
/// |        | 1          | next node                                                              |
/// |        | 1          | previous node, 0 at the first                                          |
/// |        | its levels | next node at level 1 and up                                            |
///
/// A list that needs more levels moves to a larger record; who still reads the old one is at a sequence
/// that nothing newer concerns.
final class RowList {
    static final int LEVELS_MAX = 16;

    private static final int LEVELS_MIN = 4;
    private static final int CAPACITY = 1;
    private static final int LINKS = 2;
    private static final int PREVIOUS = 3;
    private static final int NODE_WORDS = 4;

    private final StripeMemory memory;
    private final int[] path = new int[LEVELS_MAX]; // the holder's

    RowList(StripeMemory memory) {
        this.memory = memory;
    }

    // ---- Reading

    int first(int list) {
        return memory.wordAcquire(list + LINKS);
    }

    int next(int node) {
        return memory.wordAcquire(node + LINKS);
    }

    int previous(int node) {
        return memory.wordAcquire(node + PREVIOUS);
    }

    /// The entry at this position, or 0.
    int find(int list, byte[] key, int offset, int length) {
        int node = firstAtOrAfter(list, key, offset, length);
        return node != 0 && memory.comparePosition(node, key, offset, length) == 0 ? node : 0;
    }

    int firstAtOrAfter(int list, byte[] key, int offset, int length) {
        return first(list, lastBeforeOrList(list, key, offset, length));
    }

    private int first(int list, int before) {
        return before == list ? first(list) : next(before);
    }

    /// Nothing can be linked behind it and before the key, and be visible to this reader.
    int lastBefore(int list, byte[] key, int offset, int length) {
        int node = lastBeforeOrList(list, key, offset, length);
        return node == list ? 0 : node;
    }

    int last(int list) {
        int node = list;
        for (int level = memory.wordAcquire(list) - 1; level >= 0; level--) {
            int next = memory.wordAcquire(linkWord(list, node, level));
            while (next != 0) {
                node = next;
                next = memory.wordAcquire(linkWord(list, node, level));
            }
        }
        return node == list ? 0 : node;
    }

    private int lastBeforeOrList(int list, byte[] key, int offset, int length) {
        int before = list;
        int notBefore = 0;
        for (int level = memory.wordAcquire(list) - 1; level >= 0; level--) {
            int next = memory.wordAcquire(linkWord(list, before, level));
            while (next != 0 && next != notBefore) {
                if (memory.comparePosition(next, key, offset, length) >= 0) {
                    notBefore = next;
                    break;
                }
                before = next;
                next = memory.wordAcquire(linkWord(list, before, level));
            }
        }
        return before;
    }

    /// The word with the link of a level, of a node or of the list itself.
    private static int linkWord(int list, int record, int level) {
        return record == list || level == 0 ? record + LINKS + level : record + PREVIOUS + level;
    }

    // ---- The holder's

    /// A list of one, which is the same as an entry.
    int newList(int entry) {
        int list = newList(LEVELS_MIN, 1);
        int node = memory.newWords(NODE_WORDS);
        memory.copyEntry(entry, node);
        memory.setWord(node + LINKS, 0);
        memory.setWord(node + PREVIOUS, 0);
        memory.setWord(list + LINKS, node);
        memory.setWord(last(list, LEVELS_MIN, 0), node);
        return list;
    }

    private int newList(int capacity, int levels) {
        int list = memory.newWords(LINKS + 2 * capacity);
        memory.setWord(list, levels);
        memory.setWord(list + CAPACITY, capacity);
        for (int i = 0; i < capacity; i++) {
            memory.setWord(list + LINKS + i, 0);
            memory.setWord(last(list, capacity, i), list);
        }
        return list;
    }

    private static int last(int list, int capacity, int level) {
        return list + LINKS + capacity + level;
    }

    /// A list with room for a node of this level: the same one, or one to replace it.
    int withRoom(int list, int level) {
        int capacity = memory.word(list + CAPACITY);
        if (level < capacity) {
            return list;
        }
        int larger = capacity;
        while (larger <= level) {
            larger *= 2;
        }
        int levels = memory.word(list);
        int copy = newList(Math.min(larger, LEVELS_MAX), levels);
        int copyCapacity = memory.word(copy + CAPACITY);
        for (int i = 0; i < levels; i++) {
            memory.setWord(copy + LINKS + i, memory.word(list + LINKS + i));
            int last = memory.word(last(list, capacity, i));
            memory.setWord(last(copy, copyCapacity, i), last == list ? copy : last);
        }
        return copy;
    }

    /// Finds the entry at a position, or links a new one without a version.
    ///
    /// @param level of the node if it is new; the list has room for it
    int findOrInsert(int list, byte[] key, int offset, int length, int level) {
        int found = locate(list, key, offset, length);
        if (found != 0) {
            return found;
        }
        int node = memory.newWords(NODE_WORDS + level);
        memory.initEntry(node, key, offset, length);
        link(list, node, level);
        return node;
    }

    private int locate(int list, byte[] key, int offset, int length) {
        int levels = memory.word(list);
        int capacity = memory.word(list + CAPACITY);
        int end = memory.word(last(list, capacity, 0));
        int atEnd = memory.comparePosition(end, key, offset, length);
        if (atEnd == 0) {
            return end;
        }
        if (atEnd < 0) {
            for (int i = 0; i < levels; i++) {
                path[i] = memory.word(last(list, capacity, i));
            }
            return 0;
        }
        int before = list;
        int notBefore = 0;
        boolean equal = false;
        for (int level = levels - 1; level >= 0; level--) {
            int next = memory.word(linkWord(list, before, level));
            while (next != 0 && next != notBefore) {
                int order = memory.comparePosition(next, key, offset, length);
                if (order >= 0) {
                    notBefore = next;
                    equal = order == 0;
                    break;
                }
                before = next;
                next = memory.word(linkWord(list, before, level));
            }
            path[level] = before;
        }
        return equal ? notBefore : 0;
    }

    private void link(int list, int node, int level) {
        int capacity = memory.word(list + CAPACITY);
        int levels = memory.word(list);
        for (int i = levels; i <= level; i++) {
            path[i] = list;
        }
        int after = memory.word(linkWord(list, path[0], 0));
        memory.setWord(node + PREVIOUS, path[0] == list ? 0 : path[0]);
        for (int i = 0; i <= level; i++) {
            int next = memory.word(linkWord(list, path[i], i));
            memory.setWord(linkWord(list, node, i), next);
            if (next == 0) {
                memory.setWord(last(list, capacity, i), node);
            }
        }
        if (after != 0) {
            memory.setWordRelease(after + PREVIOUS, node);
        }
        for (int i = 0; i <= level; i++) {
            memory.setWordRelease(linkWord(list, path[i], i), node);
        }
        if (level >= levels) {
            memory.setWordRelease(list, level + 1);
        }
    }
}
