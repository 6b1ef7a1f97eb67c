package io.helenus.engine.transport;

import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.Request;

/// Decodes the options that QUERY, EXECUTE and BATCH carry, in place.
///
/// | flag | v3, v4 (byte) | v5 (int) | then follows |
/// |---:|:-:|:-:|---|
/// | 01 | x | x | values: short n, n × (`[string]` name if 40, `[value]`) |
/// | 02 | x | x | nothing: leave out result metadata |
/// | 04 | x | x | int page size |
/// | 08 | x | x | `[bytes]` paging state |
/// | 10 | x | x | short serial consistency |
/// | 20 | x | x | long timestamp |
/// | 40 | x | x | nothing: values are named |
/// | 80 | | x | `[string]` keyspace |
/// | 100 | | x | int now in seconds |
final class RequestDecoder {
    private static final int VALUES = 0x01;
    private static final int SKIP_METADATA = 0x02;
    private static final int PAGE_SIZE = 0x04;
    private static final int PAGING_STATE = 0x08;
    private static final int SERIAL_CONSISTENCY = 0x10;
    private static final int TIMESTAMP = 0x20;
    private static final int NAMES = 0x40;
    private static final int KEYSPACE = 0x80;
    private static final int NOW_IN_SECONDS = 0x100;
    private static final int FLAGS_V4 = 0x7f;
    private static final int FLAGS_V5 = 0x1ff;
    private static final int PREPARE_KEYSPACE = 0x01;

    private RequestDecoder() {}

    /// Of QUERY and EXECUTE.
    static void readOptions(BodyReader in, Request request) {
        readConsistency(in, request);
        int flags = readFlags(in, request.protocolVersion);
        if ((flags & VALUES) != 0) {
            readValues(in, request.values, (flags & NAMES) != 0, request.protocolVersion);
        } else {
            request.values.reset(in.array());
        }
        if ((flags & ~VALUES) != 0) {
            readRare(in, request, flags);
        }
    }

    /// Of BATCH: names cannot be told for its statements' values, and it has no values of its own.
    static void readBatchOptions(BodyReader in, Request request) {
        readConsistency(in, request);
        request.values.reset(in.array());
        int flags = readFlags(in, request.protocolVersion);
        if ((flags & (VALUES | NAMES)) != 0) {
            throw CqlException.protocol(
                    "BATCH message with flags 0x%x: a batch has no values of its own"
                            .formatted(flags));
        }
        readRare(in, request, flags);
    }

    /// The flags of PREPARE, which only v5 has.
    static void readPrepareOptions(BodyReader in, Request request) {
        if (request.protocolVersion < Protocol.V5) {
            return;
        }
        int flags = in.readInt();
        if ((flags & ~PREPARE_KEYSPACE) != 0) {
            throw CqlException.protocol("Unknown flags 0x%x of PREPARE".formatted(flags));
        }
        if (flags != 0) {
            request.keyspace = in.readString();
        }
    }

    private static void readConsistency(BodyReader in, Request request) {
        request.consistency = consistency(in.readShort());
    }

    private static ConsistencyLevel consistency(int code) {
        ConsistencyLevel level = ConsistencyLevel.of(code);
        if (level == null) {
            throw CqlException.protocol("Unknown code " + code + " for a consistency level");
        }
        return level;
    }

    private static int readFlags(BodyReader in, int version) {
        int flags = version >= Protocol.V5 ? in.readInt() : in.readByte();
        int known = version >= Protocol.V5 ? FLAGS_V5 : FLAGS_V4;
        if ((flags & ~known) != 0) {
            throw CqlException.protocol(
                    "Unknown query flags 0x%x in protocol version %d"
                            .formatted(flags & ~known, version));
        }
        return flags;
    }

    /// What a prepared write or point read mostly does without.
    private static void readRare(BodyReader in, Request request, int flags) {
        request.skipMetadata = (flags & SKIP_METADATA) != 0;
        if ((flags & PAGE_SIZE) != 0) {
            request.pageSize = in.readInt();
            if (request.pageSize == 0) {
                throw CqlException.protocol("The page size cannot be 0");
            }
        }
        if ((flags & PAGING_STATE) != 0) {
            request.pagingState = in.readBytes();
        }
        if ((flags & SERIAL_CONSISTENCY) != 0) {
            request.serialConsistency = consistency(in.readShort());
        }
        if ((flags & TIMESTAMP) != 0) {
            request.defaultTimestamp = in.readLong();
            if (request.defaultTimestamp == Request.NO_TIMESTAMP) {
                throw CqlException.protocol(
                        "Out of bound timestamp, must be in [%d, %d] (got %d)"
                                .formatted(Long.MIN_VALUE + 1, Long.MAX_VALUE, Long.MIN_VALUE));
            }
        }
        if ((flags & KEYSPACE) != 0) {
            request.keyspace = in.readString();
        }
        if ((flags & NOW_IN_SECONDS) != 0) {
            request.nowInSeconds = in.readInt();
        }
    }

    static void readValues(BodyReader in, BoundValues values, boolean named, int version) {
        values.reset(in.array());
        int count = in.readShort();
        for (int i = 0; i < count; i++) {
            if (named) {
                String name = in.readString();
                int length = readValueLength(in, version);
                values.addNamed(name, in.skip(Math.max(0, length), "a value"), length);
            } else {
                int length = readValueLength(in, version);
                values.add(in.skip(Math.max(0, length), "a value"), length);
            }
        }
    }

    /// v3 knows no unset values: every negative length is a null there.
    private static int readValueLength(BodyReader in, int version) {
        int length = in.readInt();
        if (length >= BoundValues.NULL) {
            return length;
        }
        if (version < Protocol.V4) {
            return BoundValues.NULL;
        }
        if (length != BoundValues.UNSET) {
            throw CqlException.protocol("Invalid ByteBuf length " + length);
        }
        return length;
    }
}
