package io.helenus.shell.format;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.VectorType;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// How the elements of a vector lie in its bytes: those of a type whose values all have the same
/// length one after the other, others with their length before them as an unsigned variable-length
/// integer (the number of leading ones of the first byte says how many bytes follow).
final class VectorElements {
    private VectorElements() {}

    /// Bytes of every element of the type, or 0 if they differ.
    static int fixedBytes(DataType type) {
        if (type instanceof VectorType vector) {
            return fixedBytes(vector.getElementType()) * vector.getDimensions();
        }
        return switch (type.getProtocolCode()) {
            case ProtocolConstants.DataType.BOOLEAN -> 1;
            case ProtocolConstants.DataType.INT, ProtocolConstants.DataType.FLOAT -> 4;
            case ProtocolConstants.DataType.BIGINT,
                    ProtocolConstants.DataType.DOUBLE,
                    ProtocolConstants.DataType.TIMESTAMP ->
                    8;
            case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID -> 16;
            default -> 0;
        };
    }

    static int readLength(ByteBuffer rest) {
        int first = rest.get() & 0xff;
        int extra = Integer.numberOfLeadingZeros(~first & 0xff) - 24;
        long length = first & (0xff >> extra);
        for (int i = 0; i < extra; i++) {
            length = length << 8 | rest.get() & 0xff;
        }
        if (length < 0 || length > rest.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }
}
