package io.helenus.engine.transport;

import com.datastax.oss.protocol.internal.Compressor;
import com.datastax.oss.protocol.internal.CrcMismatchException;
import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.FrameCodec;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.Segment;
import com.datastax.oss.protocol.internal.SegmentCodec;
import com.datastax.oss.protocol.internal.request.Startup;
import com.datastax.oss.protocol.internal.response.Ready;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// A blocking client over a plain socket. Encodes and decodes with the Java driver's codec, and can
/// also send any bytes. Every wait ends after ten seconds: a hang fails the test.
final class TestClient implements AutoCloseable {
    private static final int HEADER_BYTES = 9;
    private static final int WAIT_MILLIS = 10_000;
    private static final ByteBufCodec PRIMITIVES = new ByteBufCodec();

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final int version;
    private final FrameCodec<ByteBuf> plainFrames =
            FrameCodec.defaultClient(PRIMITIVES, Compressor.none());
    private FrameCodec<ByteBuf> frames = plainFrames;
    private SegmentCodec<ByteBuf> segments = new SegmentCodec<>(PRIMITIVES, Compressor.none());
    private boolean framed;
    private final Queue<Frame> received = new ArrayDeque<>();
    private final List<Boolean> segmentsSelfContained = new ArrayList<>();

    TestClient(InetSocketAddress address, int version) throws IOException {
        this(address, version, 0);
    }

    /// `receiveBytes` bounds the socket's receive buffer; 0 leaves it to the system.
    TestClient(InetSocketAddress address, int version, int receiveBytes) throws IOException {
        this.version = version;
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(WAIT_MILLIS);
        socket.connect(address, WAIT_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /// Connected and ready. `options` are added to STARTUP's.
    static TestClient ready(InetSocketAddress address, int version, String... options)
            throws IOException {
        TestClient client = new TestClient(address, version);
        Message answer = client.startup(options);
        if (!(answer instanceof Ready)) {
            throw new IOException("not ready: " + answer);
        }
        return client;
    }

    Message startup(String... options) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("CQL_VERSION", "3.0.0"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        send(0, new Startup(all));
        Frame answer = receive();
        if ("lz4".equals(all.get("COMPRESSION"))) {
            frames = FrameCodec.defaultClient(PRIMITIVES, new Lz4Codec());
            segments = new SegmentCodec<>(PRIMITIVES, new Lz4Codec());
        }
        framed = version >= 5;
        return answer.message;
    }

    Message ask(Message request) throws IOException {
        send(1, request);
        Frame answer = receive();
        if (answer.streamId != 1) {
            throw new IOException("stream " + answer.streamId);
        }
        return answer.message;
    }

    void send(int stream, Message request) throws IOException {
        sendBytes(encode(stream, false, request));
    }

    void sendTraced(int stream, Message request) throws IOException {
        sendBytes(encode(stream, true, request));
    }

    /// The bytes of a request, in segments if need be.
    byte[] encode(int stream, boolean tracing, Message request) {
        return wrap(envelope(stream, tracing, Map.of(), request));
    }

    byte[] envelope(int stream, boolean tracing, Map<String, ByteBuffer> payload, Message request) {
        Frame frame = Frame.forRequest(version, stream, tracing, payload, request);
        // with v5 it is the segment that is compressed
        return ByteBufUtil.getBytes((framed ? plainFrames : frames).encode(frame));
    }

    /// One self-contained segment, or as many as it takes, or the bytes themselves before v5.
    byte[] wrap(byte[] envelopes) {
        if (!framed) {
            return envelopes;
        }
        int max = Segment.MAX_PAYLOAD_LENGTH;
        if (envelopes.length <= max) {
            return segment(envelopes, true);
        }
        ByteBuf all = Unpooled.buffer();
        for (int at = 0; at < envelopes.length; at += max) {
            int end = Math.min(envelopes.length, at + max);
            all.writeBytes(segment(Arrays.copyOfRange(envelopes, at, end), false));
        }
        return ByteBufUtil.getBytes(all);
    }

    byte[] segment(byte[] payload, boolean selfContained) {
        List<Object> parts = new ArrayList<>();
        segments.encode(new Segment<>(Unpooled.wrappedBuffer(payload), selfContained), parts);
        ByteBuf all = Unpooled.buffer();
        parts.forEach(part -> all.writeBytes((ByteBuf) part));
        return ByteBufUtil.getBytes(all);
    }

    void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Says that nothing more will come.
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    Frame receive() throws IOException {
        while (received.isEmpty()) {
            if (framed) {
                receiveSegments();
            } else {
                byte[] header = in.readNBytes(HEADER_BYTES);
                if (header.length < HEADER_BYTES) {
                    throw new EOFException();
                }
                int length = ByteBuffer.wrap(header).getInt(5);
                ByteBuf all = Unpooled.buffer().writeBytes(header);
                all.writeBytes(in.readNBytes(length));
                received.add(frames.decode(all));
            }
        }
        return received.remove();
    }

    private void receiveSegments() throws IOException {
        ByteBuf large = Unpooled.buffer();
        do {
            Segment<ByteBuf> segment = receiveSegment();
            segmentsSelfContained.add(segment.isSelfContained);
            if (segment.isSelfContained) {
                ByteBuf payload = segment.payload;
                while (payload.isReadable()) {
                    int length = payload.getInt(payload.readerIndex() + 5);
                    received.add(plainFrames.decode(payload.readSlice(HEADER_BYTES + length)));
                }
                return;
            }
            large.writeBytes(segment.payload);
        } while (large.readableBytes() < HEADER_BYTES + large.getInt(5));
        received.add(plainFrames.decode(large));
    }

    private Segment<ByteBuf> receiveSegment() throws IOException {
        try {
            int headerBytes = segments.headerLength() + SegmentCodec.CRC24_LENGTH;
            byte[] bytes = in.readNBytes(headerBytes);
            if (bytes.length < headerBytes) {
                throw new EOFException();
            }
            SegmentCodec.Header header = segments.decodeHeader(Unpooled.wrappedBuffer(bytes));
            byte[] payload = in.readNBytes(header.payloadLength + SegmentCodec.CRC32_LENGTH);
            return segments.decode(header, Unpooled.wrappedBuffer(payload));
        } catch (CrcMismatchException e) {
            throw new IOException(e);
        }
    }

    /// Segments received so far, true for self-contained ones.
    List<Boolean> segmentsSelfContained() {
        return segmentsSelfContained;
    }

    byte[] receiveBytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /// Reads to the server's end of the connection, within the time for a wait.
    byte[] receiveToEnd() throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException e) { // a reset is an end, too
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
