package io.helenus.engine.streaming;

import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.SnapshotText;
import io.helenus.engine.storage.IncomingFile;
import io.helenus.engine.storage.SSTable;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The receiving end of one connection: a message in, answers out. Does I/O; one thread at a time.
final class StreamReceiver implements AutoCloseable {
    private static final double MIB = 1 << 20;

    private final StreamTables tables;
    private final StreamReceptions receptions;
    private final Consumer<ByteWriter> answers;
    private final ByteWriter out = new ByteWriter(256);
    private StreamTables.@Nullable Stored table;
    private @Nullable IncomingFile file;
    private StreamReceptions.@Nullable Key key;
    private String fileName = "";

    /// @param answers takes frames, which are good until the call ends
    StreamReceiver(StreamTables tables, StreamReceptions receptions, Consumer<ByteWriter> answers) {
        this.tables = tables;
        this.receptions = receptions;
        this.answers = answers;
    }

    /// @throws StreamException if this is the sender's fault: it has been told
    /// @throws IOException if something failed here: the sender has been told
    void onMessage(Frames.Frame frame) throws IOException {
        try {
            switch (frame.type()) {
                case StreamFormat.OPEN -> {
                    var _ = Frames.parse(frame, this::open);
                }
                case StreamFormat.FILE -> {
                    var _ = Frames.parse(frame, this::beginFile);
                }
                case StreamFormat.DATA -> {
                    var _ = Frames.parse(frame, this::data);
                }
                default ->
                        throw new StreamException(
                                "message %d is unknown here".formatted(frame.type()));
            }
        } catch (StreamException e) {
            giveUp();
            fail(StreamFormat.REFUSED, e);
            throw e;
        } catch (IOException | RuntimeException e) {
            giveUp();
            fail(StreamFormat.TRY_AGAIN, e);
            throw e;
        }
    }

    private void fail(int code, Exception e) {
        Frames.begin(out, StreamFormat.FAILED).writeShort(code);
        Frames.writeText(out, e.getMessage() == null ? e.toString() : e.getMessage());
        answers.accept(Frames.end(out));
    }

    private boolean open(ByteBuffer in) throws IOException {
        String keyspace = Frames.string(in);
        String name = Frames.string(in);
        StreamTables.Stored found = tables.find(keyspace, name);
        if (found == null) {
            throw new StreamException("there is no table %s.%s".formatted(keyspace, name));
        }
        table = found;
        byte[] header = SchemaHeader.encode(found.schema());
        Frames.begin(out, StreamFormat.OPENED);
        out.writeLong(found.schema().id().getMostSignificantBits());
        out.writeLong(found.schema().id().getLeastSignificantBits());
        out.writeInt(header.length).writeBytes(header);
        Frames.writeText(out, SnapshotText.of(found.schema(), found.keyspace()));
        // One node has everything.
        out.writeShort(1).writeLong(Long.MIN_VALUE).writeLong(Long.MIN_VALUE);
        answers.accept(Frames.end(out));
        return true;
    }

    private StreamTables.Stored requireTable() throws StreamException {
        StreamTables.Stored open = table;
        if (open == null) {
            throw new StreamException("no table was opened");
        }
        if (open.store().isClosed()) {
            throw new StreamException("table %s was dropped".formatted(open.schema()));
        }
        return open;
    }

    private boolean beginFile(ByteBuffer in) throws IOException {
        StreamTables.Stored into = requireTable();
        if (file != null) {
            throw new StreamException("file %s is not complete".formatted(fileName));
        }
        long bytes = in.getLong();
        int checksum = in.getInt();
        fileName = Frames.string(in);
        if (bytes <= 0) {
            throw new StreamException("file %s has %d bytes".formatted(fileName, bytes));
        }
        if (isThere(into, bytes, checksum)) {
            goOn(StreamFormat.IN_TABLE);
            return true;
        }
        String refusal = tables.refusal();
        if (refusal != null) {
            throw new StreamException("the node takes no files: " + refusal);
        }
        StreamReceptions.Key wanted = new StreamReceptions.Key(into.schema().id(), bytes, checksum);
        IncomingFile begun = receptions.take(wanted);
        requireRoom(into, bytes - (begun == null ? 0 : begun.received()));
        if (begun == null) {
            begun = into.store().receive();
        }
        file = begun;
        key = wanted;
        goOn(begun.received());
        return true;
    }

    private static boolean isThere(StreamTables.Stored into, long bytes, int checksum) {
        return into.store().sstables().stream()
                .anyMatch(sstable ->
                        sstable.file().bytes() == bytes && sstable.file().checksum() == checksum);
    }

    private void requireRoom(StreamTables.Stored into, long bytes) throws IOException {
        long usable = into.store().usableBytes();
        if (usable - bytes < tables.roomBytesMin()) {
            throw new StreamException(
                    ("file %s needs %.1f MiB, and the node's disk has %.1f MiB left, of which"
                                    + " min_free_space_per_drive keeps %.1f MiB free")
                            .formatted(
                                    fileName,
                                    bytes / MIB,
                                    usable / MIB,
                                    tables.roomBytesMin() / MIB));
        }
    }

    private void goOn(long offset) {
        answers.accept(Frames.end(Frames.begin(out, StreamFormat.GO_ON).writeLong(offset)));
    }

    private boolean data(ByteBuffer in) throws IOException {
        IncomingFile to = file;
        StreamReceptions.Key expected = key;
        if (to == null || expected == null) {
            throw new StreamException("data came without a file");
        }
        long offset = in.getLong();
        if (offset != to.received() || in.remaining() > expected.bytes() - offset) {
            throw new StreamException(
                    "%d bytes at %d came for %s, which has %d of %d"
                            .formatted(
                                    in.remaining(),
                                    offset,
                                    fileName,
                                    to.received(),
                                    expected.bytes()));
        }
        to.append(in);
        answers.accept(
                Frames.end(Frames.begin(out, StreamFormat.RECEIVED).writeLong(to.received())));
        if (to.received() == expected.bytes()) {
            store(to, expected);
        }
        return true;
    }

    private void store(IncomingFile complete, StreamReceptions.Key expected) throws IOException {
        StreamTables.Stored into = requireTable();
        SSTable added;
        try {
            added =
                    complete.finish(
                            expected.checksum(),
                            header ->
                                    SchemaHeader.requireFits(
                                            SchemaHeader.decode(header), into.schema()));
        } catch (IllegalArgumentException | InvalidSchemaBytesException e) {
            throw new StreamException("file %s: %s".formatted(fileName, e.getMessage()));
        }
        file = null;
        key = null;
        answers.accept(
                Frames.end(Frames.begin(out, StreamFormat.STORED).writeLong(added.generation())));
    }

    private void giveUp() throws IOException {
        IncomingFile begun = file;
        file = null;
        if (begun != null) {
            begun.close();
        }
    }

    /// The connection is gone: what has arrived is kept for the next one.
    @Override
    public void close() throws IOException {
        IncomingFile begun = file;
        StreamReceptions.Key of = key;
        file = null;
        if (begun != null && of != null) {
            receptions.park(of, begun);
        }
    }
}
