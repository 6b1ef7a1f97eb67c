package io.helenus.engine.metadata;

import io.helenus.engine.metadata.MetadataFiles.MetadataFile;
import io.helenus.sstable.model.ByteWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The texts of prepared statements in `prepared.log`, so that a restarted node still knows them.
/// Holds the newest ones up to a number and a size; any thread may call it, but none that must not wait for
/// a write.
public final class PreparedStatementStore implements Closeable {
    static final String NAME = "prepared.log";

    private static final String TEMPORARY_NAME = NAME + ".tmp";
    private static final int MAGIC = 0x48505253; // HPRS
    private static final int VERSION = 1;
    private static final long REWRITE_BYTES_MIN = 1 << 20;
    private static final long REWRITE_FACTOR = 2;
    private static final long CHARS_MAX = 16 << 20; // of all texts

    private final MetadataFiles files;
    private final RandomGenerator random;
    private final int statementsMax;
    private final Map<ByteBuffer, Prepared> statements = new LinkedHashMap<>(); // oldest first

    private long chars;
    private RecordFormat format;
    private MetadataFile file;
    private long end;
    private long rewriteAt; // when the file is this long it is written anew
    private int lostBytes;

    /// A statement as its client sent it.
    ///
    /// @param id by which clients execute it
    /// @param keyspace that was current when it was prepared, if that matters
    /// @param metadataId of the result that its clients know; empty if they know different ones
    public record Prepared(
            ByteBuffer id, @Nullable String keyspace, String text, ByteBuffer metadataId) {
        public Prepared {
            id = ByteBuffer.wrap(bytes(id)).asReadOnlyBuffer();
            metadataId = ByteBuffer.wrap(bytes(metadataId)).asReadOnlyBuffer();
        }

        private static byte[] bytes(ByteBuffer id) {
            byte[] bytes = new byte[id.remaining()];
            id.duplicate().get(bytes);
            return bytes;
        }

        private byte[] toBytes() {
            ByteWriter out = new ByteWriter();
            write(out, bytes(id));
            out.writeByte(keyspace == null ? 0 : 1);
            write(out, (keyspace == null ? "" : keyspace).getBytes(StandardCharsets.UTF_8));
            write(out, text.getBytes(StandardCharsets.UTF_8));
            write(out, bytes(metadataId));
            return out.toArray();
        }

        private static void write(ByteWriter out, byte[] bytes) {
            out.writeInt(bytes.length).writeBytes(bytes);
        }

        private static Prepared of(byte[] body) {
            ByteBuffer in = ByteBuffer.wrap(body);
            byte[] id = read(in);
            boolean hasKeyspace = in.get() != 0;
            String keyspace = new String(read(in), StandardCharsets.UTF_8);
            String text = new String(read(in), StandardCharsets.UTF_8);
            byte[] metadataId = in.hasRemaining() ? read(in) : new byte[0]; // old ones have none
            return new Prepared(
                    ByteBuffer.wrap(id),
                    hasKeyspace ? keyspace : null,
                    text,
                    ByteBuffer.wrap(metadataId));
        }

        private static byte[] read(ByteBuffer in) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }
    }

    private PreparedStatementStore(
            MetadataFiles files, RandomGenerator random, int statementsMax, MetadataFile file) {
        this.files = files;
        this.random = random;
        this.statementsMax = statementsMax;
        this.file = file;
        this.format = new RecordFormat(MAGIC, VERSION, random.nextLong());
    }

    /// Reads what there is, up to the first record that is not whole.
    ///
    /// @throws io.helenus.engine.error.NewerVersionException if a later release wrote it. Nothing that
    ///     clients cannot do again would be lost, but it is not ours to throw away
    public static PreparedStatementStore open(
            MetadataFiles files, RandomGenerator random, int statementsMax) throws IOException {
        byte[] bytes = files.exists(NAME) ? files.read(NAME) : new byte[0];
        PreparedStatementStore store =
                new PreparedStatementStore(files, random, statementsMax, files.open(NAME));
        try {
            store.readRecords(bytes);
            return store;
        } catch (IOException | RuntimeException e) {
            store.file.close();
            throw e;
        }
    }

    private void readRecords(byte[] bytes) throws IOException {
        int at = 0;
        try {
            if (bytes.length > 0) {
                format = RecordFormat.of(MAGIC, VERSION, bytes, files.describe(NAME));
                at = RecordFormat.HEADER_BYTES;
            }
            byte[] body = at == 0 ? null : format.body(bytes, at);
            while (body != null) {
                put(Prepared.of(body));
                at += RecordFormat.RECORD_HEADER_BYTES + body.length;
                body = format.body(bytes, at);
            }
        } catch (CorruptMetadataException | BufferUnderflowException e) {
            // As with a record that is not whole: what is missing, its client prepares again.
        }
        files.delete(TEMPORARY_NAME); // of a process that ended while it wrote the file anew
        lostBytes = bytes.length - at;
        end = at;
        rewriteAt = Math.max(REWRITE_BYTES_MIN, REWRITE_FACTOR * end);
        if (end == 0 || lostBytes > 0) {
            rewrite();
        }
    }

    private void put(Prepared prepared) {
        Prepared before =
                prepared.text().isEmpty()
                        ? statements.remove(prepared.id())
                        : statements.put(prepared.id(), prepared);
        chars += prepared.text().length() - (before == null ? 0 : before.text().length());
        while (statements.size() > statementsMax || chars > CHARS_MAX && statements.size() > 1) {
            ByteBuffer oldest = statements.keySet().iterator().next();
            Prepared dropped = statements.remove(oldest);
            chars -= dropped == null ? 0 : dropped.text().length();
        }
    }

    /// Remembers a statement. Writes nothing if it is known.
    public synchronized void add(Prepared prepared) throws IOException {
        if (prepared.equals(statements.get(prepared.id()))) {
            return;
        }
        put(prepared);
        append(prepared);
    }

    private void append(Prepared prepared) throws IOException {
        byte[] body = prepared.toBytes();
        file.write(format.record(end, body), end);
        end += RecordFormat.RECORD_HEADER_BYTES + body.length;
        if (end >= rewriteAt) {
            rewrite();
        }
    }

    /// Forgets a statement: a record without text says so. Writes nothing if it is not known.
    public synchronized void remove(ByteBuffer id) throws IOException {
        Prepared known = statements.get(id);
        if (known != null) {
            Prepared removal = new Prepared(id, null, "", ByteBuffer.allocate(0));
            put(removal);
            append(removal);
        }
    }

    private void rewrite() throws IOException {
        RecordFormat newFormat = new RecordFormat(MAGIC, VERSION, random.nextLong());
        MetadataFile newFile = files.open(TEMPORARY_NAME);
        long newEnd = RecordFormat.HEADER_BYTES;
        try {
            newFile.truncate(0);
            newFile.write(newFormat.header(), 0);
            for (Prepared prepared : statements.values()) {
                byte[] body = prepared.toBytes();
                newFile.write(newFormat.record(newEnd, body), newEnd);
                newEnd += RecordFormat.RECORD_HEADER_BYTES + body.length;
            }
            newFile.force();
            files.rename(TEMPORARY_NAME, NAME);
        } catch (IOException e) {
            newFile.close();
            throw e;
        }
        MetadataFile old = file;
        file = newFile;
        format = newFormat;
        end = newEnd;
        rewriteAt = Math.max(REWRITE_BYTES_MIN, REWRITE_FACTOR * end);
        old.close();
    }

    /// All statements, the oldest first.
    public synchronized List<Prepared> statements() {
        return List.copyOf(statements.values());
    }

    /// Bytes of the file that were of no use when it was opened.
    public int lostBytes() {
        return lostBytes;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
