package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.util.List;

/// Tuples and user types: each component's length (negative for null) and bytes; those missing at
/// the end are null. In keys: the components up to the last that is not null, then the end byte,
/// so that a key does not change when a field is added. A decoded key has no nulls at its end, or
/// only the first component if all are null.
class TupleCodec extends ValueCodec {
    private final ValueCodec[] components;

    TupleCodec(List<CqlType> types) {
        components = types.stream().map(CqlType::codec).toArray(ValueCodec[]::new);
    }

    @Override
    final void validate(byte[] value, int offset, int length) {
        int end = offset + length;
        int at = offset;
        for (int i = 0; i < components.length; i++) {
            if (at == end) {
                return;
            }
            if (end - at < Integer.BYTES) {
                throw new InvalidValueException(
                        "Not enough bytes to read size of " + i + "th " + name(i));
            }
            int size = ByteWriter.getInt(value, at);
            at += Integer.BYTES;
            if (size >= 0) {
                if (size > end - at) {
                    throw new InvalidValueException(
                            "Not enough bytes to read " + i + "th " + name(i));
                }
                validateComponent(i, value, at, size);
                at += size;
            }
        }
        if (at < end) {
            throw new InvalidValueException(
                    "Invalid remaining data after end of " + what() + " value");
        }
    }

    String what() {
        return "tuple";
    }

    String name(int component) {
        return "component";
    }

    void validateComponent(int component, byte[] value, int offset, int length) {
        codec(component).validate(value, offset, length);
    }

    final ValueCodec codec(int component) {
        return components[component];
    }

    @Override
    final void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int end = offset + length;
        int at = offset;
        int nulls = 0;
        for (int i = 0; i < components.length && at < end; i++) {
            int size = ByteWriter.getInt(value, at);
            at += Integer.BYTES;
            if (size < 0) {
                nulls++;
            } else {
                for (; nulls > 0; nulls--) {
                    components[i].writeComponent(value, at, -1, out);
                }
                components[i].writeComponent(value, at, size, out);
                at += size;
            }
        }
        out.writeByte(END);
    }

    @Override
    final int skipPayload(byte[] key, int at, int mask) {
        int i = at;
        for (int component = 0; tag(key, i, mask) != END; component++) {
            i = components[component].skipComponent(key, i, mask);
        }
        return i + 1;
    }

    @Override
    final int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int i = at;
        if (tag(key, i, mask) == END) {
            out.writeInt(-1); // all null, which is not the same as empty
        }
        for (int component = 0; tag(key, i, mask) != END; component++) {
            i = components[component].readComponent(key, i, mask, out);
        }
        return i + 1;
    }

    @Override
    final boolean isCanonical(byte[] value, int offset, int length) {
        int end = offset + length;
        int at = offset;
        int size = 0;
        for (int i = 0; i < components.length && at < end; i++) {
            size = ByteWriter.getInt(value, at);
            at += Integer.BYTES;
            if (size < -1 || size > 0 && !codec(i).isCanonical(value, at, size)) {
                return false;
            }
            at += Math.max(size, 0);
        }
        return size >= 0 || length == Integer.BYTES;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        out.append('(');
        formatComponents(out, value, offset, length);
        out.append(')');
    }

    final void formatComponents(StringBuilder out, byte[] value, int offset, int length) {
        Elements elements = new Elements().wrapTuple(value, offset, length);
        for (int i = 0; i < components.length; i++) {
            out.append(i == 0 ? "" : ", ").append(prefix(i));
            if (elements.next()) {
                elements.format(components[i], out);
            } else {
                out.append("null");
            }
        }
    }

    String prefix(int component) {
        return "";
    }

    /// Names its fields in errors and literals.
    static final class User extends TupleCodec {
        private final List<String> fieldNames;

        User(List<String> fieldNames, List<CqlType> types) {
            super(types);
            this.fieldNames = fieldNames;
        }

        @Override
        String what() {
            return "UDT";
        }

        @Override
        String name(int component) {
            return "field " + fieldNames.get(component);
        }

        @Override
        void validateComponent(int component, byte[] value, int offset, int length) {
            try {
                super.validateComponent(component, value, offset, length);
            } catch (InvalidValueException e) {
                throw new InvalidValueException(
                        "Failure validating the %dth %s; %s"
                                .formatted(component, name(component), e.getMessage()),
                        e);
            }
        }

        @Override
        String prefix(int component) {
            return Names.maybeQuote(fieldNames.get(component)) + ": ";
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append('{');
            formatComponents(out, value, offset, length);
            out.append('}');
        }
    }
}
