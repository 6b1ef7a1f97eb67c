package io.helenus.test.garbage;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A socket that sends any bytes and understands frames of protocol v4 that come back.
final class RawClient implements AutoCloseable {
    static final int HEADER_BYTES = 9;
    static final int STARTUP = 0x01;
    static final int READY = 0x02;
    static final int ERROR = 0x00;
    static final int QUERY = 0x07;
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;

    RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
    }

    /// An answer; code and text are those of an error.
    record Answer(int opcode, int errorCode, String errorText) {
        static Answer of(int opcode, byte[] body) {
            if (opcode != ERROR) {
                return new Answer(opcode, 0, "");
            }
            ByteBuffer in = ByteBuffer.wrap(body);
            int code = in.getInt();
            int length = Short.toUnsignedInt(in.getShort());
            String text = new String(body, in.position(), length, StandardCharsets.UTF_8);
            return new Answer(opcode, code, text);
        }
    }

    static byte[] startup() {
        byte[] name = "CQL_VERSION".getBytes(StandardCharsets.UTF_8);
        byte[] value = "3.0.0".getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(2 + 2 + name.length + 2 + value.length);
        body.putShort((short) 1).putShort((short) name.length).put(name);
        body.putShort((short) value.length).put(value);
        return frame(4, STARTUP, body.capacity(), body.array());
    }

    /// @param claimed the length that the header tells
    static byte[] frame(int version, int opcode, int claimed, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body.length);
        frame.put((byte) version).put((byte) 0).putShort((short) 1).put((byte) opcode);
        frame.putInt(claimed).put(body);
        return frame.array();
    }

    /// Does not complain if the server has closed the connection.
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            Objects.requireNonNull(e.getMessage(), "a reset or a broken pipe");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next answer; null if the connection has ended.
    @Nullable Answer receive() throws IOException {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] header = new byte[HEADER_BYTES];
            in.readFully(header);
            byte[] body = new byte[ByteBuffer.wrap(header).getInt(5)];
            in.readFully(body);
            return Answer.of(header[4], body);
        } catch (EOFException | SocketException _) {
            return null; // closed, or reset as it had sent more than was read
        }
    }

    /// Says that no more will come, and waits for the server to end the connection.
    void finish() throws IOException {
        try {
            socket.shutdownOutput();
            byte[] rest = new byte[4096];
            int read = 0;
            while (read >= 0) {
                read = socket.getInputStream().read(rest);
            }
        } catch (SocketException e) {
            Objects.requireNonNull(e.getMessage(), "a reset will do, too");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
