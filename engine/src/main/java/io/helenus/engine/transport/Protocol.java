package io.helenus.engine.transport;

/// Numbers of the native protocol that more than one class here needs.
final class Protocol {
    static final int V3 = 3;
    static final int V4 = 4;
    static final int V5 = 5;
    static final String SUPPORTED_VERSIONS = "3/v3, 4/v4, 5/v5";
    static final String CQL_VERSION = "3.4.7";

    static final int VERSION_MASK = 0x7f;
    static final int RESPONSE = 0x80;

    /// Layout of an envelope's header; v1 and v2 had a one-byte stream and so one byte less.
    static final int FLAGS_AT = 1;

    static final int STREAM_AT = 2;
    static final int OPCODE_AT = 4;
    static final int LENGTH_AT = 5;
    static final int HEADER_BYTES = 9;

    static final int FLAG_COMPRESSED = 0x01;
    static final int FLAG_TRACING = 0x02;
    static final int FLAG_PAYLOAD = 0x04;
    static final int FLAG_WARNING = 0x08;

    static final int ERROR = 0x00;
    static final int STARTUP = 0x01;
    static final int READY = 0x02;
    static final int AUTHENTICATE = 0x03;
    static final int OPTIONS = 0x05;
    static final int SUPPORTED = 0x06;
    static final int QUERY = 0x07;
    static final int RESULT = 0x08;
    static final int PREPARE = 0x09;
    static final int EXECUTE = 0x0A;
    static final int REGISTER = 0x0B;
    static final int EVENT = 0x0C;
    static final int BATCH = 0x0D;
    static final int AUTH_CHALLENGE = 0x0E;
    static final int AUTH_RESPONSE = 0x0F;
    static final int AUTH_SUCCESS = 0x10;

    /// Kind of a RESULT that answers USE.
    static final int RESULT_SET_KEYSPACE = 3;

    /// Stream of what the server sends unasked.
    static final int EVENT_STREAM = -1;

    private static final String[] NAMES = {
        "ERROR",
        "STARTUP",
        "READY",
        "AUTHENTICATE",
        "CREDENTIALS",
        "OPTIONS",
        "SUPPORTED",
        "QUERY",
        "RESULT",
        "PREPARE",
        "EXECUTE",
        "REGISTER",
        "EVENT",
        "BATCH",
        "AUTH_CHALLENGE",
        "AUTH_RESPONSE",
        "AUTH_SUCCESS"
    };

    private Protocol() {}

    static boolean isKnown(int opcode) {
        return opcode >= 0 && opcode < NAMES.length;
    }

    static boolean isRequest(int opcode) {
        return switch (opcode) {
            case STARTUP, OPTIONS, QUERY, PREPARE, EXECUTE, REGISTER, BATCH, AUTH_RESPONSE -> true;
            default -> false;
        };
    }

    static String name(int opcode) {
        return isKnown(opcode) ? NAMES[opcode] : "opcode " + opcode;
    }

    /// As versions are written in SUPPORTED and in errors: `4/v4`.
    static String versionName(int version) {
        return version + "/v" + version;
    }
}
