package io.helenus.engine.query.result;

/// The first integer of a RESULT body (v5 specification, section 4.2.5).
public final class ResultKind {
    public static final int VOID = 1;
    public static final int ROWS = 2;
    public static final int SET_KEYSPACE = 3;
    public static final int PREPARED = 4;
    public static final int SCHEMA_CHANGE = 5;

    private ResultKind() {}
}
