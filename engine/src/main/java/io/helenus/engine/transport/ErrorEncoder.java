package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes the body of an ERROR: code, text, and what follows for that code.
///
/// | code | follows | before |
/// |---|---|---|
/// | UNAVAILABLE | consistency, required, alive | |
/// | READ_TIMEOUT | consistency, received, required, data present | |
/// | WRITE_TIMEOUT | consistency, received, required, write type; v5 and CAS: contentions | |
/// | READ_FAILURE | consistency, received, required, failures, data present | v4: READ_TIMEOUT |
/// | WRITE_FAILURE | consistency, received, required, failures, write type | v4: WRITE_TIMEOUT |
/// | CAS_WRITE_UNKNOWN | consistency, received, required | v5: WRITE_TIMEOUT of CAS |
/// | FUNCTION_FAILURE | keyspace, function, argument types | v4: INVALID |
/// | CDC_WRITE_FAILURE | | v4: INVALID |
/// | ALREADY_EXISTS | keyspace, table | |
/// | UNPREPARED | the id | |
///
/// Failures are a number in v4 and a map of address to reason in v5. The last column says up to
/// which version, exclusively, a code is sent as another one that old clients know, as Cassandra does.
final class ErrorEncoder {
    private static final String CAS = "CAS";

    private ErrorEncoder() {}

    static void write(ByteWriter out, int version, CqlException error) {
        switch (error) {
            case CqlException.Unavailable unavailable -> {
                start(out, ErrorCode.UNAVAILABLE, error);
                out.writeShort(unavailable.consistency());
                out.writeInt(unavailable.required()).writeInt(unavailable.alive());
            }
            case CqlException.Request request -> writeRequest(out, version, request);
            case CqlException.FunctionFailure failure -> writeFunction(out, version, failure);
            case CqlException.AlreadyExists exists -> {
                start(out, ErrorCode.ALREADY_EXISTS, error);
                Notations.writeString(out, exists.keyspace());
                Notations.writeString(out, exists.table());
            }
            case CqlException.Unprepared unprepared -> {
                start(out, ErrorCode.UNPREPARED, error);
                Notations.writeShortBytes(out, unprepared.id());
            }
            default -> start(out, plainCode(error.code(), version), error);
        }
    }

    /// An exception without the fields that its code needs is a mistake of ours: a driver could not
    /// decode it under that code, so its text goes out as a server error.
    private static ErrorCode plainCode(ErrorCode code, int version) {
        return switch (code) {
            case UNAVAILABLE,
                    WRITE_TIMEOUT,
                    READ_TIMEOUT,
                    READ_FAILURE,
                    WRITE_FAILURE,
                    FUNCTION_FAILURE,
                    CAS_WRITE_UNKNOWN,
                    ALREADY_EXISTS,
                    UNPREPARED ->
                    ErrorCode.SERVER_ERROR;
            case CDC_WRITE_FAILURE -> version < Protocol.V4 ? ErrorCode.INVALID : code;
            case SERVER_ERROR,
                    PROTOCOL_ERROR,
                    BAD_CREDENTIALS,
                    OVERLOADED,
                    IS_BOOTSTRAPPING,
                    TRUNCATE_ERROR,
                    SYNTAX_ERROR,
                    UNAUTHORIZED,
                    INVALID,
                    CONFIG_ERROR ->
                    code;
        };
    }

    private static void writeRequest(ByteWriter out, int version, CqlException.Request error) {
        ErrorCode code = known(error.code(), version);
        boolean isRead = code == ErrorCode.READ_TIMEOUT || code == ErrorCode.READ_FAILURE;
        boolean isFailure = code == ErrorCode.READ_FAILURE || code == ErrorCode.WRITE_FAILURE;
        boolean isTimeout = code == ErrorCode.READ_TIMEOUT || code == ErrorCode.WRITE_TIMEOUT;
        if (!isFailure && !isTimeout && code != ErrorCode.CAS_WRITE_UNKNOWN) {
            start(out, plainCode(error.code(), version), error);
            return;
        }
        start(out, code, error);
        out.writeShort(error.consistency());
        out.writeInt(error.received()).writeInt(error.required());
        if (code == ErrorCode.CAS_WRITE_UNKNOWN) {
            return;
        }
        if (isFailure) {
            writeFailures(out, version, error.failures());
        }
        if (isRead) {
            out.writeByte(error.dataPresent() ? 1 : 0);
            return;
        }
        String writeType = error.code() == ErrorCode.CAS_WRITE_UNKNOWN ? CAS : error.writeType();
        Notations.writeString(out, writeType);
        if (isTimeout && version >= Protocol.V5 && writeType.equals(CAS)) {
            out.writeShort(0); // contentions, which nobody counts
        }
    }

    private static ErrorCode known(ErrorCode code, int version) {
        if (version < Protocol.V4 && code == ErrorCode.READ_FAILURE) {
            return ErrorCode.READ_TIMEOUT;
        }
        if (version < Protocol.V4 && code == ErrorCode.WRITE_FAILURE) {
            return ErrorCode.WRITE_TIMEOUT;
        }
        if (version < Protocol.V5 && code == ErrorCode.CAS_WRITE_UNKNOWN) {
            return ErrorCode.WRITE_TIMEOUT;
        }
        return code;
    }

    private static void writeFailures(ByteWriter out, int version, Map<String, Integer> failures) {
        out.writeInt(failures.size());
        if (version >= Protocol.V5) {
            new TreeMap<>(failures)
                    .forEach((address, reason) -> {
                        Notations.writeInetAddr(out, address);
                        out.writeShort(reason);
                    });
        }
    }

    private static void writeFunction(
            ByteWriter out, int version, CqlException.FunctionFailure failure) {
        if (version < Protocol.V4) {
            start(out, ErrorCode.INVALID, failure);
            return;
        }
        start(out, ErrorCode.FUNCTION_FAILURE, failure);
        Notations.writeString(out, failure.keyspace());
        Notations.writeString(out, failure.function());
        Notations.writeStringList(out, List.of(failure.argumentTypes()));
    }

    private static void start(ByteWriter out, ErrorCode code, CqlException error) {
        out.writeInt(code.value());
        String message = error.getMessage();
        Notations.writeString(out, message == null ? "" : message);
    }
}
