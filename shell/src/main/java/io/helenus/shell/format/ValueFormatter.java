package io.helenus.shell.format;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.VectorType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A value of a CQL type, from its bytes in the protocol to its text. The driver's codecs are not
/// used for collections, because they cannot tell a value of no bytes from no value.
public final class ValueFormatter {
    private final TextEscaper escaper;
    private final ZoneId zone;
    private final boolean color;

    /// @param charset what the output is encoded in; characters that it lacks are escaped
    /// @param zone of timestamps
    public ValueFormatter(Charset charset, ZoneId zone, boolean color) {
        this.escaper = new TextEscaper(charset, color);
        this.zone = zone;
        this.color = color;
    }

    /// Whether colored text differs from plain text.
    public boolean color() {
        return color;
    }

    public FormattedText columnName(String name, Paint paint) {
        return escaper.escape(name, false, paint);
    }

    public FormattedText text(String text) {
        return escaper.escape(text, false, Paint.TEXT);
    }

    public FormattedText scalar(String text) {
        return painted(text, Paint.SCALAR);
    }

    public FormattedText value(DataType type, @Nullable ByteBuffer bytes) {
        try {
            return format(type, bytes, false);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            // Bytes that are no value of their type are shown as what they are.
            return bytes == null ? painted("null", Paint.ERROR) : blob(bytes);
        }
    }

    private FormattedText format(DataType type, @Nullable ByteBuffer bytes, boolean nested) {
        if (bytes == null) {
            return painted("null", Paint.ERROR);
        }
        if (type instanceof VectorType vector) {
            return vector(vector, bytes);
        }
        int code = type.getProtocolCode();
        if (code == ProtocolConstants.DataType.ASCII
                || code == ProtocolConstants.DataType.VARCHAR) {
            String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
            return escaper.escape(text, nested, Paint.TEXT);
        }
        if (code == ProtocolConstants.DataType.BLOB || code == ProtocolConstants.DataType.CUSTOM) {
            return blob(bytes);
        }
        if (!bytes.hasRemaining()) {
            return painted("", Paint.TEXT);
        }
        return switch (type) {
            case ListType list -> elements(list.getElementType(), bytes, "[", "]");
            case SetType set -> elements(set.getElementType(), bytes, "{", "}");
            case MapType map -> map(map, bytes);
            case UserDefinedType userType -> userType(userType, bytes);
            case TupleType tuple -> tuple(tuple, bytes);
            default -> scalar(code, bytes, nested);
        };
    }

    private FormattedText scalar(int code, ByteBuffer bytes, boolean nested) {
        int at = bytes.position();
        String text =
                switch (code) {
                    case ProtocolConstants.DataType.TINYINT -> Byte.toString(bytes.get(at));
                    case ProtocolConstants.DataType.SMALLINT -> Short.toString(bytes.getShort(at));
                    case ProtocolConstants.DataType.INT -> Integer.toString(bytes.getInt(at));
                    case ProtocolConstants.DataType.BIGINT, ProtocolConstants.DataType.COUNTER ->
                            Long.toString(bytes.getLong(at));
                    case ProtocolConstants.DataType.VARINT ->
                            new BigInteger(array(bytes, 0)).toString();
                    case ProtocolConstants.DataType.DECIMAL ->
                            new BigDecimal(
                                            new BigInteger(array(bytes, Integer.BYTES)),
                                            bytes.getInt(at))
                                    .toString();
                    case ProtocolConstants.DataType.FLOAT ->
                            NumberText.floatingPoint(bytes.getFloat(at));
                    case ProtocolConstants.DataType.DOUBLE ->
                            NumberText.floatingPoint(bytes.getDouble(at));
                    case ProtocolConstants.DataType.BOOLEAN ->
                            bytes.get(at) == 0 ? "False" : "True";
                    case ProtocolConstants.DataType.UUID, ProtocolConstants.DataType.TIMEUUID ->
                            new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES)).toString();
                    case ProtocolConstants.DataType.INET -> quoted(InetText.of(bytes), nested);
                    case ProtocolConstants.DataType.TIMESTAMP ->
                            quoted(TimeText.timestamp(bytes.getLong(at), zone), nested);
                    case ProtocolConstants.DataType.DATE ->
                            TimeText.date(Integer.toUnsignedLong(bytes.getInt(at)) - (1L << 31));
                    case ProtocolConstants.DataType.TIME -> TimeText.time(bytes.getLong(at));
                    case ProtocolConstants.DataType.DURATION -> duration(bytes);
                    default -> null;
                };
        return text == null ? blob(bytes) : painted(text, Paint.SCALAR);
    }

    private static String quoted(String text, boolean nested) {
        return nested ? "'" + text + "'" : text;
    }

    private static String duration(ByteBuffer bytes) {
        CqlDuration duration = TypeCodecs.DURATION.decode(bytes, DefaultProtocolVersion.V5);
        if (duration == null) {
            return "";
        }
        return TimeText.duration(
                duration.getMonths(), duration.getDays(), duration.getNanoseconds());
    }

    private static byte[] array(ByteBuffer bytes, int offset) {
        byte[] copy = new byte[bytes.remaining() - offset];
        bytes.get(bytes.position() + offset, copy);
        return copy;
    }

    private FormattedText elements(DataType type, ByteBuffer bytes, String open, String close) {
        ByteBuffer rest = bytes.duplicate();
        int count = rest.getInt();
        List<FormattedText> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(format(type, next(rest), true));
        }
        return join(open, parts, close);
    }

    private FormattedText map(MapType type, ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        int count = rest.getInt();
        List<FormattedText> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FormattedText key = format(type.getKeyType(), next(rest), true);
            parts.add(pair(key, format(type.getValueType(), next(rest), true)));
        }
        return join("{", parts, "}");
    }

    private FormattedText userType(UserDefinedType type, ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        List<FormattedText> parts = new ArrayList<>();
        List<CqlIdentifier> names = type.getFieldNames();
        for (int i = 0; i < names.size(); i++) {
            FormattedText name = text(names.get(i).asInternal());
            parts.add(pair(name, format(type.getFieldTypes().get(i), nextOrNull(rest), true)));
        }
        return join("{", parts, "}");
    }

    private FormattedText tuple(TupleType type, ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        List<FormattedText> parts = new ArrayList<>();
        for (DataType component : type.getComponentTypes()) {
            parts.add(format(component, nextOrNull(rest), true));
        }
        return join("(", parts, ")");
    }

    private FormattedText vector(VectorType type, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return painted("", Paint.TEXT);
        }
        DataType element = type.getElementType();
        int size = VectorElements.fixedBytes(element);
        ByteBuffer rest = bytes.duplicate();
        List<FormattedText> parts = new ArrayList<>();
        for (int i = 0; i < type.getDimensions(); i++) {
            int length = size > 0 ? size : VectorElements.readLength(rest);
            parts.add(format(element, slice(rest, length), true));
        }
        return join("[", parts, "]");
    }

    private static @Nullable ByteBuffer next(ByteBuffer rest) {
        int length = rest.getInt();
        return length < 0 ? null : slice(rest, length);
    }

    /// The next component of a tuple or user type; those that were added later are not there yet.
    private static @Nullable ByteBuffer nextOrNull(ByteBuffer rest) {
        return rest.hasRemaining() ? next(rest) : null;
    }

    private static ByteBuffer slice(ByteBuffer rest, int length) {
        ByteBuffer value = rest.slice(rest.position(), length);
        rest.position(rest.position() + length);
        return value;
    }

    private FormattedText blob(ByteBuffer bytes) {
        return painted(BlobText.of(bytes), Paint.BLOB);
    }

    private FormattedText painted(String text, Paint paint) {
        return new FormattedText(text, color ? paint.apply(text) : text, text.length());
    }

    private FormattedText pair(FormattedText key, FormattedText value) {
        FormattedText colon = painted(": ", Paint.COLLECTION);
        return new FormattedText(
                key.plain() + colon.plain() + value.plain(),
                key.colored() + colon.colored() + value.colored(),
                key.width() + colon.width() + value.width());
    }

    private FormattedText join(String open, List<FormattedText> parts, String close) {
        FormattedText comma = painted(", ", Paint.COLLECTION);
        StringBuilder plain = new StringBuilder(open);
        StringBuilder colored = new StringBuilder(painted(open, Paint.COLLECTION).colored());
        int width = open.length() + close.length();
        for (int i = 0; i < parts.size(); i++) {
            FormattedText part = parts.get(i);
            if (i > 0) {
                plain.append(comma.plain());
                colored.append(comma.colored());
                width += comma.width();
            }
            plain.append(part.plain());
            colored.append(part.colored());
            width += part.width();
        }
        plain.append(close);
        colored.append(painted(close, Paint.COLLECTION).colored());
        return new FormattedText(plain.toString(), colored.toString(), width);
    }
}
