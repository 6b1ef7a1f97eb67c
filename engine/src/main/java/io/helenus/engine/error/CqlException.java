package io.helenus.engine.error;

import java.util.HexFormat;
import java.util.Map;

/// What went wrong with a request, in the words and with the code that its client gets.
/// Carries no stack trace: it describes the request, not a place in our code.
public class CqlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    public CqlException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    public static CqlException invalid(String message) {
        return new CqlException(ErrorCode.INVALID, message);
    }

    public static CqlException syntax(String message) {
        return new CqlException(ErrorCode.SYNTAX_ERROR, message);
    }

    public static CqlException config(String message) {
        return new CqlException(ErrorCode.CONFIG_ERROR, message);
    }

    public static CqlException protocol(String message) {
        return new CqlException(ErrorCode.PROTOCOL_ERROR, message);
    }

    /// `table` is empty when it is a keyspace that exists.
    public static final class AlreadyExists extends CqlException {
        private static final long serialVersionUID = 1;
        private final String keyspace;
        private final String table;

        public AlreadyExists(String keyspace, String table, String message) {
            super(ErrorCode.ALREADY_EXISTS, message);
            this.keyspace = keyspace;
            this.table = table;
        }

        public String keyspace() {
            return keyspace;
        }

        public String table() {
            return table;
        }
    }

    /// The client executed a prepared id that this node does not know; drivers prepare it again.
    public static final class Unprepared extends CqlException {
        private static final long serialVersionUID = 1;
        private final byte[] id;

        public Unprepared(byte[] id) {
            super(
                    ErrorCode.UNPREPARED,
                    "Prepared query with ID "
                            + HexFormat.of().formatHex(id)
                            + " not found (either the query was not prepared on this host (maybe"
                            + " the host has been restarted?) or you have prepared too many queries"
                            + " and it has been evicted from the internal cache)");
            this.id = id.clone();
        }

        public byte[] id() {
            return id.clone();
        }
    }

    public static final class Unavailable extends CqlException {
        private static final long serialVersionUID = 1;
        private final int consistency;
        private final int required;
        private final int alive;

        public Unavailable(int consistency, int required, int alive, String message) {
            super(ErrorCode.UNAVAILABLE, message);
            this.consistency = consistency;
            this.required = required;
            this.alive = alive;
        }

        /// Protocol number of the consistency level.
        public int consistency() {
            return consistency;
        }

        public int required() {
            return required;
        }

        public int alive() {
            return alive;
        }
    }

    /// Read and write timeouts and failures: who answered, of how many, and for what kind of write.
    public static final class Request extends CqlException {
        private static final long serialVersionUID = 1;
        private final int consistency;
        private final int received;
        private final int required;
        private final boolean dataPresent;
        private final String writeType;
        private final Map<String, Integer> failures;

        /// `failures` maps replica addresses to reason codes (v5) and is empty for timeouts;
        /// `writeType` is empty for reads, `dataPresent` is false for writes.
        public Request(
                ErrorCode code,
                int consistency,
                int received,
                int required,
                boolean dataPresent,
                String writeType,
                Map<String, Integer> failures,
                String message) {
            super(code, message);
            this.consistency = consistency;
            this.received = received;
            this.required = required;
            this.dataPresent = dataPresent;
            this.writeType = writeType;
            this.failures = Map.copyOf(failures);
        }

        public int consistency() {
            return consistency;
        }

        public int received() {
            return received;
        }

        public int required() {
            return required;
        }

        public boolean dataPresent() {
            return dataPresent;
        }

        public String writeType() {
            return writeType;
        }

        public Map<String, Integer> failures() {
            return failures;
        }
    }

    /// A user-defined function failed.
    public static final class FunctionFailure extends CqlException {
        private static final long serialVersionUID = 1;
        private final String keyspace;
        private final String function;
        private final String[] argumentTypes;

        public FunctionFailure(
                String keyspace, String function, String[] argumentTypes, String message) {
            super(ErrorCode.FUNCTION_FAILURE, message);
            this.keyspace = keyspace;
            this.function = function;
            this.argumentTypes = argumentTypes.clone();
        }

        public String keyspace() {
            return keyspace;
        }

        public String function() {
            return function;
        }

        public String[] argumentTypes() {
            return argumentTypes.clone();
        }
    }
}
