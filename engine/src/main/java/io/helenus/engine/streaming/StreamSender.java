package io.helenus.engine.streaming;

import io.helenus.engine.messaging.Hello;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.sstable.model.ByteWriter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// The sending end of one connection. Blocks; one thread. After an [IOException] it is of no further
/// use: a [StreamException] says that another attempt is none either.
public final class StreamSender implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final ByteWriter frame = new ByteWriter(StreamFormat.DATA_BYTES + 64);
    private final byte[] buffer = new byte[StreamFormat.DATA_BYTES];

    /// What the node says of a table.
    ///
    /// @param header how it numbers its columns
    /// @param definition CQL that creates it
    /// @param owned ranges of tokens, see the package
    public record Table(SchemaHeader.Content header, String definition, List<Range> owned) {
        public Table {
            owned = List.copyOf(owned);
        }
    }

    /// @param from excluded
    /// @param to included; the same as `from` for the whole ring
    public record Range(long from, long to) {}

    /// A file and its checksum.
    public record Source(Path path, long bytes, int checksum) {
        /// Reads a file from its first byte to its last.
        public static Source of(Path path) throws IOException {
            CRC32C crc = new CRC32C();
            long bytes = 0;
            ByteBuffer part = ByteBuffer.allocateDirect(StreamFormat.DATA_BYTES);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                while (channel.read(part) >= 0) {
                    part.flip();
                    bytes += part.remaining();
                    crc.update(part);
                    part.clear();
                }
            }
            return new Source(path, bytes, (int) crc.getValue());
        }
    }

    private StreamSender(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /// @param timeoutMillis for connecting, and for each answer
    /// @throws StreamException if that is no node, or one that cannot stream
    public static StreamSender connect(InetSocketAddress address, int timeoutMillis)
            throws IOException {
        // A channel's, so that a thread that is interrupted does not wait for the node's answer.
        Socket socket = SocketChannel.open().socket();
        boolean done = false;
        try {
            socket.connect(address, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            StreamSender sender = new StreamSender(socket);
            sender.greet(address);
            done = true;
            return sender;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    private void greet(InetSocketAddress address) throws IOException {
        out.write(Hello.hello(Hello.STREAMING).array());
        byte[] answer = new byte[Hello.BYTES];
        try {
            in.readFully(answer);
        } catch (EOFException e) {
            throw new IOException(
                    "%s closed the connection at once: is that a node's storage_port?"
                            .formatted(address),
                    e);
        }
        if (ByteWriter.getInt(answer, 0) != Hello.MAGIC) {
            throw new StreamException(
                    "%s is no port of Helenus for nodes (storage_port)".formatted(address));
        }
        if (answer[5] != Hello.ACCEPTED) {
            throw new StreamException(
                    answer[5] == Hello.UNKNOWN_VERSION
                            ? "the node speaks version %d of the protocol, this program version %d"
                                    .formatted(answer[4], Hello.VERSION)
                            : "the node does not take streams");
        }
    }

    private void write(ByteWriter bytes) throws IOException {
        out.write(bytes.array(), 0, bytes.length());
    }

    private Frames.Frame receive() throws IOException {
        Frames.Frame answer = Frames.read(in);
        if (answer.type() == StreamFormat.FAILED) {
            ByteBuffer payload = answer.payload();
            int code = Frames.parse(answer, ByteBuffer::getShort);
            String text = Frames.text(payload);
            throw code == StreamFormat.TRY_AGAIN
                    ? new IOException(text)
                    : new StreamException(text);
        }
        return answer;
    }

    /// Says which table the files to come are of.
    ///
    /// @throws StreamException if there is none
    public Table open(String keyspace, String table) throws IOException {
        Frames.begin(frame, StreamFormat.OPEN);
        Frames.writeString(frame, keyspace);
        Frames.writeString(frame, table);
        write(Frames.end(frame));
        return Frames.parse(receive().require(StreamFormat.OPENED), StreamSender::table);
    }

    private static Table table(ByteBuffer in) throws IOException {
        in.position(in.position() + 2 * Long.BYTES); // the id, which the header has too
        SchemaHeader.Content header = SchemaHeader.decode(Frames.bytes(in, in.getInt()));
        String definition = Frames.text(in);
        List<Range> owned = new ArrayList<>();
        for (int i = Short.toUnsignedInt(in.getShort()); i > 0; i--) {
            owned.add(new Range(in.getLong(), in.getLong()));
        }
        return new Table(header, definition, owned);
    }

    /// Sends a file; returns when it is in the table.
    ///
    /// @param progress is told how many more bytes have arrived, those of an earlier attempt included;
    ///     may wait, which slows the sending down
    /// @return whether it had to be sent: false if it was in the table already
    public boolean send(Source source, LongConsumer progress) throws IOException {
        Frames.begin(frame, StreamFormat.FILE).writeLong(source.bytes());
        frame.writeInt(source.checksum());
        Frames.writeString(frame, String.valueOf(source.path().getFileName()));
        write(Frames.end(frame));
        long at = Frames.parse(receive().require(StreamFormat.GO_ON), ByteBuffer::getLong);
        if (at == StreamFormat.IN_TABLE) {
            progress.accept(source.bytes());
            return false;
        }
        if (at < 0 || at > source.bytes()) {
            throw new StreamException("the node wants to go on at %d".formatted(at));
        }
        progress.accept(at);
        try (FileChannel channel = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            send(channel, source, at, progress);
        }
        var _ = receive().require(StreamFormat.STORED);
        return true;
    }

    private void send(FileChannel channel, Source source, long from, LongConsumer progress)
            throws IOException {
        long sent = from;
        long received = from;
        while (received < source.bytes()) {
            while (sent < source.bytes() && sent - received < StreamFormat.WINDOW_BYTES) {
                int length = (int) Math.min(buffer.length, source.bytes() - sent);
                read(channel, source, sent, length);
                Frames.begin(frame, StreamFormat.DATA).writeLong(sent);
                frame.writeBytes(buffer, 0, length);
                write(Frames.end(frame));
                sent += length;
            }
            long now = Frames.parse(receive().require(StreamFormat.RECEIVED), ByteBuffer::getLong);
            progress.accept(now - received);
            received = now;
        }
    }

    private void read(FileChannel channel, Source source, long at, int length) throws IOException {
        ByteBuffer part = ByteBuffer.wrap(buffer, 0, length);
        while (part.hasRemaining()) {
            if (channel.read(part, at + part.position()) < 0) {
                throw new StreamException(source.path() + " became shorter while it was sent");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
