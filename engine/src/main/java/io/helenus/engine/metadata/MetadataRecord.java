package io.helenus.engine.metadata;

import io.helenus.sstable.model.ByteWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The body of a record of the metadata log.
public sealed interface MetadataRecord {
    int SCHEMA = 1;
    int TRANSFORMATION = 2;
    int IDENTITY = 3;
    int AGREED = 4;

    byte[] toBytes();

    /// A whole schema. Of version 1 only.
    record SchemaSnapshot(ByteBuffer schema) implements MetadataRecord {
        @Override
        public byte[] toBytes() {
            return new ByteWriter().writeByte(SCHEMA).writeBytes(bytes(schema)).toArray();
        }
    }

    /// Of version 1 only.
    ///
    /// @param epoch that it leads to
    record Change(long epoch, long millis, ByteBuffer transformation) implements MetadataRecord {
        @Override
        public byte[] toBytes() {
            return new ByteWriter()
                    .writeByte(TRANSFORMATION)
                    .writeLong(epoch)
                    .writeLong(millis)
                    .writeBytes(bytes(transformation))
                    .toArray();
        }
    }

    record Identity(NodeIdentity node) implements MetadataRecord {
        @Override
        public byte[] toBytes() {
            ByteWriter out = new ByteWriter().writeByte(IDENTITY);
            out.writeLong(node.hostId().getMostSignificantBits());
            out.writeLong(node.hostId().getLeastSignificantBits());
            byte[] name = node.clusterName().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length).writeBytes(name);
            out.writeInt(node.tokens().size());
            node.tokens().forEach(out::writeLong);
            return out.toArray();
        }
    }

    /// What the agreement of the cluster has written at once, in its order; opaque here. All of them
    /// are on disk, or none.
    record Agreed(List<ByteBuffer> records) implements MetadataRecord {
        public Agreed {
            records = List.copyOf(records);
        }

        @Override
        public byte[] toBytes() {
            ByteWriter out = new ByteWriter().writeByte(AGREED).writeInt(records.size());
            for (ByteBuffer record : records) {
                out.writeInt(record.remaining()).writeBytes(bytes(record));
            }
            return out.toArray();
        }

        private static Agreed of(ByteBuffer in) {
            List<ByteBuffer> records = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("agreed record of " + length + " bytes");
                }
                records.add(in.slice(in.position(), length));
                in.position(in.position() + length);
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException(in.remaining() + " bytes follow the last one");
            }
            return new Agreed(records);
        }
    }

    /// @throws IllegalArgumentException if the bytes are no record that this release knows
    static MetadataRecord of(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        try {
            int kind = in.get();
            return switch (kind) {
                case SCHEMA -> new SchemaSnapshot(in.slice());
                case TRANSFORMATION -> new Change(in.getLong(), in.getLong(), in.slice());
                case IDENTITY -> new Identity(identity(in));
                case AGREED -> Agreed.of(in);
                default -> throw new IllegalArgumentException("record of unknown kind " + kind);
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(
                    "record of " + body.length + " bytes is too short", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static NodeIdentity identity(ByteBuffer in) {
        UUID hostId = new UUID(in.getLong(), in.getLong());
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("cluster name of " + length + " bytes");
        }
        byte[] name = new byte[length];
        in.get(name);
        int count = in.getInt();
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(in.getLong());
        }
        return new NodeIdentity(hostId, new String(name, StandardCharsets.UTF_8), tokens);
    }
}
