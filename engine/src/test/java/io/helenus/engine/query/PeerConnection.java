package io.helenus.engine.query;

import io.helenus.engine.query.result.ResultReader;
import io.helenus.engine.types.CqlType;
import io.helenus.sstable.model.ByteWriter;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to another server, protocol version 4, one request at a time.
final class PeerConnection implements AutoCloseable {
    private static final int VERSION = 4;
    private static final int ERROR = 0x00;
    private static final int STARTUP = 0x01;
    private static final int QUERY = 0x07;
    private static final int PREPARE = 0x09;
    private static final int EXECUTE = 0x0A;
    private static final int LOCAL_ONE = 0x0A;
    private static final int WITH_VALUES = 0x01;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int opcode;

    PeerConnection(String host, int port) throws IOException {
        socket = new Socket(host, port);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        ByteWriter options = new ByteWriter().writeShort(1);
        string(options, "CQL_VERSION");
        string(options, "3.0.0");
        byte[] _ = ask(STARTUP, options);
    }

    private static void string(ByteWriter body, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        body.writeShort(bytes.length).writeBytes(bytes);
    }

    private static void longString(ByteWriter body, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        body.writeInt(bytes.length).writeBytes(bytes);
    }

    private byte[] ask(int request, ByteWriter body) throws IOException {
        ByteWriter frame = new ByteWriter();
        frame.writeByte(VERSION).writeByte(0).writeShort(1).writeByte(request);
        frame.writeInt(body.length()).writeBytes(body.array(), 0, body.length());
        out.write(frame.array(), 0, frame.length());
        out.flush();
        byte[] header = in.readNBytes(5);
        int flags = header[1];
        opcode = header[4];
        byte[] answer = in.readNBytes(in.readInt());
        if ((flags & 0x08) == 0) {
            return answer;
        }
        int at = Short.BYTES;
        for (int i = ByteWriter.getUnsignedShort(answer, 0); i > 0; i--) {
            at += Short.BYTES + ByteWriter.getUnsignedShort(answer, at);
        }
        return Arrays.copyOfRange(answer, at, answer.length);
    }

    private Answer answer(byte[] body) {
        if (opcode != ERROR) {
            return Answer.of(body);
        }
        ResultReader reader = new ResultReader(body, 0);
        return Answer.error(reader.int32(), reader.string());
    }

    Answer query(String text) throws IOException {
        ByteWriter body = new ByteWriter();
        longString(body, text);
        body.writeShort(LOCAL_ONE).writeByte(0);
        return answer(ask(QUERY, body));
    }

    Answer execute(String text, String values) throws IOException {
        ByteWriter body = new ByteWriter();
        longString(body, text);
        byte[] prepared = ask(PREPARE, body);
        if (opcode == ERROR) {
            return answer(prepared);
        }
        ResultReader reader = new ResultReader(prepared, Integer.BYTES);
        int idLength = ByteWriter.getUnsignedShort(prepared, Integer.BYTES);
        reader.skipString();
        List<CqlType> types = new ArrayList<>();
        reader.markers((_, type) -> types.add(type));
        body.clear().writeShort(idLength);
        body.writeBytes(prepared, Integer.BYTES + Short.BYTES, idLength);
        body.writeShort(LOCAL_ONE).writeByte(WITH_VALUES);
        List<BindText.Value> bound = BindText.parse(values, types);
        body.writeShort(bound.size());
        for (BindText.Value value : bound) {
            byte @Nullable [] bytes = value.bytes();
            if (bytes == null) {
                body.writeInt(value.isUnset() ? BoundValues.UNSET : BoundValues.NULL);
            } else {
                body.writeInt(bytes.length).writeBytes(bytes);
            }
        }
        return answer(ask(EXECUTE, body));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
