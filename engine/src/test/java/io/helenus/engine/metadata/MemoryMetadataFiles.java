package io.helenus.engine.metadata;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A directory in memory that knows what was forced, and can fail.
final class MemoryMetadataFiles implements MetadataFiles {
    private final Map<String, Content> names = new HashMap<>();
    private final Map<String, Content> durableNames = new HashMap<>();

    /// Operations that may still succeed; negative is no limit.
    int operationsLeft = -1;

    /// Whether only one operation fails, and the next ones succeed.
    boolean failsOnce;

    private static final class Content {
        byte[] buffer = new byte[0];
        int size;
        byte[] forced = new byte[0];

        byte[] bytes() {
            return Arrays.copyOf(buffer, size);
        }

        void write(ByteBuffer from, int at) {
            int end = at + from.remaining();
            if (end > buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * end);
            }
            from.get(buffer, at, from.remaining());
            size = Math.max(size, end);
        }

        void truncate(int newSize) {
            size = Math.min(size, newSize);
            Arrays.fill(buffer, size, buffer.length, (byte) 0);
        }
    }

    private void operation(String what) throws IOException {
        if (operationsLeft == 0) {
            operationsLeft = failsOnce ? -1 : 0;
            throw new IOException("injected: " + what);
        }
        operationsLeft--;
    }

    byte[] content(String name) {
        return content(names, name).bytes();
    }

    void put(String name, byte[] bytes) {
        Content content = new Content();
        content.write(ByteBuffer.wrap(bytes), 0);
        content.forced = bytes.clone();
        names.put(name, content);
        durableNames.put(name, content);
    }

    private static Content content(Map<String, Content> names, String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new AssertionError("no file " + name);
        }
        return content;
    }

    /// What a power failure leaves: durable names, forced bytes.
    MemoryMetadataFiles afterPowerLoss() {
        MemoryMetadataFiles copy = new MemoryMetadataFiles();
        durableNames.forEach((name, content) -> copy.put(name, content.forced));
        return copy;
    }

    /// What the end of the process leaves: all that was written.
    MemoryMetadataFiles afterKill() {
        MemoryMetadataFiles copy = new MemoryMetadataFiles();
        names.forEach((name, content) -> copy.put(name, content.bytes()));
        return copy;
    }

    @Override
    public boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public byte[] read(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return content.bytes();
    }

    @Override
    public MetadataFile open(String name) {
        Content content = names.computeIfAbsent(name, _ -> new Content());
        return new MemoryFile(content);
    }

    @Override
    public void delete(String name) {
        names.remove(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        operation("rename");
        Content content = content(names, from);
        names.remove(from);
        names.put(to, content);
    }

    @Override
    public void forceDirectory() throws IOException {
        operation("force directory");
        durableNames.clear();
        durableNames.putAll(names);
    }

    @Override
    public String describe(String name) {
        return "memory/" + name;
    }

    private final class MemoryFile implements MetadataFile {
        private final Content content;
        private @Nullable String closed;

        MemoryFile(Content content) {
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            operation("write");
            requireOpen();
            content.write(bytes, (int) at);
        }

        @Override
        public void truncate(long size) throws IOException {
            requireOpen();
            content.truncate((int) size);
        }

        @Override
        public void force() throws IOException {
            operation("force");
            requireOpen();
            content.forced = content.bytes();
        }

        private void requireOpen() throws IOException {
            if (closed != null) {
                throw new IOException(closed);
            }
        }

        @Override
        public void close() {
            closed = "closed";
        }
    }
}
