package io.helenus.engine.compaction;

import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The compactions of the last week, in a file that is appended to and never forced: losing the end of
/// it in a crash harms nobody. Format: see the package. Any thread; read when it is first needed.
final class CompactionHistory {
    static final String FILE_NAME = "compaction_history";
    private static final int ENTRIES_MAX = 2_000;
    private static final int FILE_BYTES_MAX = 8 << 20;
    private static final long KEPT_MILLIS = 7L * 24 * 60 * 60 * 1_000;
    private static final int HEAD_BYTES = 2 * Integer.BYTES;

    private final StorageFiles files;
    private final Path path;

    // Guarded by this.
    private final Deque<Completed> entries = new ArrayDeque<>(); // the newest first
    private boolean loaded;
    private int fileBytes;

    CompactionHistory(StorageFiles files, Path path) {
        this.files = files;
        this.path = path;
    }

    /// Those of the last week, the newest first.
    synchronized List<Completed> entries(long nowMillis) throws IOException {
        load();
        return entries.stream()
                .filter(entry -> entry.completedAtMillis() >= nowMillis - KEPT_MILLIS)
                .toList();
    }

    synchronized void add(Completed completed) throws IOException {
        load();
        remember(completed);
        ByteWriter record = new ByteWriter(256);
        write(completed, record);
        if (fileBytes + record.length() > FILE_BYTES_MAX) {
            rewrite();
            return;
        }
        boolean exists = files.exists(path);
        try (BlockFile file = exists ? files.openToAppend(path) : files.create(path)) {
            file.write(ByteBuffer.wrap(record.array(), 0, record.length()));
        }
        fileBytes += record.length();
    }

    private void remember(Completed completed) {
        entries.addFirst(completed);
        while (entries.size() > ENTRIES_MAX) {
            entries.removeLast();
        }
    }

    private void load() throws IOException {
        if (loaded) {
            return;
        }
        loaded = true;
        if (!files.exists(path)) {
            return;
        }
        byte[] content;
        try (BlockFile file = files.open(path)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(file.size(), FILE_BYTES_MAX));
            int got = 0;
            while (buffer.hasRemaining() && got >= 0) {
                got = file.read(buffer, buffer.position());
            }
            content = buffer.array();
        }
        int at = 0;
        while (at < content.length) {
            int end = recordEnd(content, at);
            if (end < 0) {
                rewrite(); // a torn end, after which nothing may be appended
                return;
            }
            remember(new Reader(content, at + HEAD_BYTES).read());
            at = end;
        }
        fileBytes = at;
    }

    /// @return -1 if there is no whole record
    private static int recordEnd(byte[] content, int at) {
        if (content.length - at < HEAD_BYTES) {
            return -1;
        }
        int length = ByteWriter.getInt(content, at);
        int start = at + HEAD_BYTES;
        if (length < 1 || length > content.length - start) {
            return -1;
        }
        boolean intact =
                ByteWriter.getInt(content, at + Integer.BYTES) == crc(content, start, length);
        return intact ? start + length : -1;
    }

    private void rewrite() throws IOException {
        ByteWriter all = new ByteWriter(1 << 16);
        List<Completed> kept = new ArrayList<>(entries);
        for (Completed entry : kept.reversed()) {
            write(entry, all);
        }
        Path temporary = path.resolveSibling(FILE_NAME + ".tmp");
        files.delete(temporary);
        try (BlockFile file = files.create(temporary)) {
            file.write(ByteBuffer.wrap(all.array(), 0, all.length()));
            file.force();
        }
        files.move(temporary, path);
        fileBytes = all.length();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static void write(Completed completed, ByteWriter out) {
        int head = out.length();
        out.writeInt(0).writeInt(0);
        out.writeLong(completed.id().getMostSignificantBits());
        out.writeLong(completed.id().getLeastSignificantBits());
        out.writeLong(completed.completedAtMillis());
        out.writeLong(completed.bytesIn()).writeLong(completed.bytesOut());
        text(completed.keyspace(), out);
        text(completed.table(), out);
        out.writeInt(completed.rowsMerged().size());
        completed.rowsMerged().forEach((files, rows) -> out.writeInt(files).writeLong(rows));
        out.writeInt(completed.properties().size());
        completed
                .properties()
                .forEach((name, value) -> {
                    text(name, out);
                    text(value, out);
                });
        int start = head + HEAD_BYTES;
        int length = out.length() - start;
        out.setInt(head, length);
        out.setInt(head + Integer.BYTES, crc(out.array(), start, length));
    }

    private static void text(String text, ByteWriter out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    /// Reads one record, whose checksum is right.
    private static final class Reader {
        private final byte[] content;
        private int at;

        Reader(byte[] content, int at) {
            this.content = content;
            this.at = at;
        }

        Completed read() {
            UUID id = new UUID(number(), number());
            long completedAt = number();
            long bytesIn = number();
            long bytesOut = number();
            String keyspace = text();
            String table = text();
            Map<Integer, Long> rows = new TreeMap<>();
            for (int i = integer(); i > 0; i--) {
                int count = integer();
                rows.put(count, number());
            }
            Map<String, String> properties = new TreeMap<>();
            for (int i = integer(); i > 0; i--) {
                String name = text();
                properties.put(name, text());
            }
            return new Completed(
                    id, keyspace, table, completedAt, bytesIn, bytesOut, rows, properties);
        }

        private long number() {
            at += Long.BYTES;
            return ByteWriter.getLong(content, at - Long.BYTES);
        }

        private int integer() {
            at += Integer.BYTES;
            return ByteWriter.getInt(content, at - Integer.BYTES);
        }

        private String text() {
            int length = integer();
            at += length;
            return new String(content, at - length, length, StandardCharsets.UTF_8);
        }
    }
}
