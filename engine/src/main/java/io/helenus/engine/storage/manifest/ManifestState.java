package io.helenus.engine.storage.manifest;

import io.helenus.sstable.model.ByteWriter;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What all edits so far add up to. Belongs to its [Manifest].
final class ManifestState {
    final SortedMap<Long, ManifestFile> files = new TreeMap<>();
    final SortedSet<Long> removed = new TreeSet<>();
    final SortedSet<Long> discarded = new TreeSet<>();
    final SortedSet<Long> announced = new TreeSet<>();
    long replayPosition;
    long truncatedAtMicros;
    long truncatedPosition;
    long nextGeneration = 1;

    /// Reads items in place.
    private static final class Items {
        private final byte[] array;
        private final int end;
        private int at;

        Items(byte[] array, int from, int end) {
            this.array = array;
            this.end = end;
            at = from;
        }

        boolean hasMore() {
            return at < end;
        }

        private int take(int bytes) {
            if (bytes < 0 || bytes > end - at) {
                throw new IllegalArgumentException("an item goes beyond its edit's end");
            }
            int from = at;
            at += bytes;
            return from;
        }

        int readByte() {
            return array[take(1)];
        }

        int readInt() {
            return ByteWriter.getInt(array, take(Integer.BYTES));
        }

        long readLong() {
            return ByteWriter.getLong(array, take(Long.BYTES));
        }

        long readVarint() {
            long value = 0;
            for (int shift = 0; shift <= 63; shift += 7) {
                int b = readByte();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number is too long");
        }

        byte[] readBytes() {
            long length = readVarint();
            if (length < 0 || length > end - at) {
                throw new IllegalArgumentException("a key goes beyond its edit's end");
            }
            byte[] copy = new byte[(int) length];
            System.arraycopy(array, take(copy.length), copy, 0, copy.length);
            return copy;
        }
    }

    /// @throws IllegalArgumentException if the items contradict themselves or what came before
    void apply(byte[] array, int from, int end) {
        Items items = new Items(array, from, end);
        while (items.hasMore()) {
            int code = items.readByte();
            switch (code) {
                case ManifestEdit.ADD -> add(items);
                case ManifestEdit.REMOVE -> take(items.readVarint(), removed);
                case ManifestEdit.ANNOUNCE -> announce(items.readVarint());
                case ManifestEdit.DISCARD -> take(items.readVarint(), discarded);
                case ManifestEdit.REPLAY_POSITION -> replayPosition = items.readLong();
                case ManifestEdit.TRUNCATED -> {
                    truncatedAtMicros = items.readLong();
                    truncatedPosition = items.readLong();
                }
                case ManifestEdit.NEXT_GENERATION ->
                        nextGeneration = Math.max(nextGeneration, items.readVarint());
                default -> throw new IllegalArgumentException("item %d is unknown".formatted(code));
            }
        }
    }

    private void add(Items items) {
        ManifestFile file =
                new ManifestFile(
                        items.readVarint(),
                        items.readVarint(),
                        items.readInt(),
                        Math.toIntExact(items.readVarint()),
                        items.readLong(),
                        items.readLong(),
                        items.readLong(),
                        items.readBytes(),
                        items.readBytes());
        long generation = file.generation();
        if (removed.contains(generation) || discarded.contains(generation)) {
            throw new IllegalArgumentException(
                    "SSTable %d is added after it was removed".formatted(generation));
        }
        announced.remove(generation);
        files.put(generation, file);
        nextGeneration = Math.max(nextGeneration, generation + 1);
    }

    private void announce(long generation) {
        announced.add(generation);
        nextGeneration = Math.max(nextGeneration, generation + 1);
    }

    /// A new manifest says "removed" also of files that it never knew.
    private void take(long generation, SortedSet<Long> to) {
        files.remove(generation);
        announced.remove(generation);
        to.add(generation);
        nextGeneration = Math.max(nextGeneration, generation + 1);
    }

    /// Everything, as one edit.
    ManifestEdit summary() {
        ManifestEdit edit = new ManifestEdit();
        files.values().forEach(edit::add);
        removed.forEach(edit::remove);
        discarded.forEach(edit::discard);
        announced.forEach(edit::announce);
        edit.replayPosition(replayPosition);
        if (truncatedAtMicros != 0) {
            edit.truncated(truncatedAtMicros, truncatedPosition);
        }
        return edit.nextGeneration(nextGeneration);
    }
}
