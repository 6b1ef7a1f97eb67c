package io.helenus.engine.cluster;

import io.helenus.gossip.Endpoint;
import io.helenus.sstable.model.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Writes the parts that the package has tables of.
public final class ClusterOutput {
    private final ByteWriter out = new ByteWriter();

    public byte[] toBytes() {
        return out.toArray();
    }

    public ClusterOutput u8(int value) {
        out.writeByte(value);
        return this;
    }

    public ClusterOutput i32(int value) {
        out.writeInt(value);
        return this;
    }

    public ClusterOutput i64(long value) {
        out.writeLong(value);
        return this;
    }

    public ClusterOutput uuid(UUID value) {
        return i64(value.getMostSignificantBits()).i64(value.getLeastSignificantBits());
    }

    public ClusterOutput text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
        return this;
    }

    public ClusterOutput bytes(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.duplicate().get(copy);
        return bytes(copy);
    }

    public ClusterOutput bytes(byte[] value) {
        out.writeInt(value.length).writeBytes(value);
        return this;
    }

    public ClusterOutput endpoint(Endpoint value) {
        byte[] address = value.address().getAddress();
        out.writeByte(address.length).writeBytes(address).writeShort(value.port());
        return this;
    }

    public <T> ClusterOutput list(Collection<T> items, BiConsumer<ClusterOutput, T> writer) {
        i32(items.size());
        items.forEach(item -> writer.accept(this, item));
        return this;
    }

    public ClusterOutput entry(LogEntry entry) {
        return i64(entry.epoch())
                .uuid(entry.proposalId())
                .uuid(entry.proposer())
                .bytes(entry.transformation());
    }

    ClusterOutput node(ClusterNode node) {
        return uuid(node.hostId())
                .endpoint(node.endpoint())
                .endpoint(node.nativeEndpoint())
                .text(node.location().dataCenter())
                .text(node.location().rack())
                .u8(node.state().number())
                .text(node.release())
                .list(node.tokens(), ClusterOutput::i64);
    }
}
