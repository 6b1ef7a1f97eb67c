package io.helenus.engine.schema;

import io.helenus.engine.types.ElementWriter;
import io.helenus.sstable.model.ByteWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Values of the system's own tables in the wire format.
final class Wire {
    private Wire() {}

    static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    static byte @Nullable [] textOrNull(@Nullable String value) {
        return value == null ? null : text(value);
    }

    static byte[] bool(boolean value) {
        return new byte[] {(byte) (value ? 1 : 0)};
    }

    static byte[] int32(int value) {
        return new ByteWriter().writeInt(value).toArray();
    }

    static byte[] int64(long value) {
        return new ByteWriter().writeLong(value).toArray();
    }

    static byte[] float64(double value) {
        return int64(Double.doubleToLongBits(value));
    }

    static byte[] uuid(UUID value) {
        return new ByteWriter()
                .writeLong(value.getMostSignificantBits())
                .writeLong(value.getLeastSignificantBits())
                .toArray();
    }

    static byte @Nullable [] uuidOrNull(@Nullable UUID value) {
        return value == null ? null : uuid(value);
    }

    static byte[] inet(InetAddress value) {
        return value.getAddress();
    }

    /// A list; or a set, if the elements come in their order.
    static byte[] texts(Collection<String> values) {
        ByteWriter out = new ByteWriter();
        int at = ElementWriter.beginCollection(out);
        values.forEach(value -> ElementWriter.write(out, text(value)));
        ElementWriter.endCollection(out, at, values.size());
        return out.toArray();
    }

    /// A map with text keys that come in their order.
    static <V> byte[] map(Map<String, V> map, Function<V, byte[]> toBytes) {
        ByteWriter out = new ByteWriter();
        int at = ElementWriter.beginCollection(out);
        map.forEach((key, value) -> {
            ElementWriter.write(out, text(key));
            ElementWriter.write(out, toBytes.apply(value));
        });
        ElementWriter.endCollection(out, at, map.size());
        return out.toArray();
    }

    static byte[] textMap(Map<String, String> map) {
        return map(map, Wire::text);
    }
}
