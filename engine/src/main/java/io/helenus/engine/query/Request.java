package io.helenus.engine.query;

import io.helenus.engine.coordinator.ConsistencyLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Options of one request, decoded by the transport; filled anew for each request and reused. Slices
/// (bound values, paging state) lie in the frame's bytes and are good until the request's method
/// returns; what goes on later works on a [#detach]ed copy.
public final class Request {
    /// No value given.
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    public static final int NO_NOW = Integer.MIN_VALUE;

    /// Where no more is said of memory.
    private static final int PAGE_BYTES_MAX = 8 << 20;

    public int protocolVersion;
    public ConsistencyLevel consistency = ConsistencyLevel.ONE;
    public ConsistencyLevel serialConsistency = ConsistencyLevel.SERIAL;

    /// The client asked to leave out result metadata; it has it from PREPARE.
    public boolean skipMetadata;

    /// Rows per page; 0 or less means no paging.
    public int pageSize;

    public byte @Nullable [] pagingState;

    /// Bytes at which a page ends even if it could have more rows.
    public int pageBytesMax = PAGE_BYTES_MAX;

    /// Microseconds, or [#NO_TIMESTAMP].
    public long defaultTimestamp = NO_TIMESTAMP;

    /// Seconds since 1970 that decide expiry (v5), or [#NO_NOW].
    public int nowInSeconds = NO_NOW;

    /// Keyspace of this request (v5), or null: the connection's.
    public @Nullable String keyspace;

    /// v5: the id of the result metadata that the client holds; null if it sent none.
    public byte @Nullable [] resultMetadataId;

    public boolean tracing;
    public BoundValues values = new BoundValues();
    public ClientState client = new ClientState("");

    /// Set by the execution: texts for the frame's warnings, in order.
    private @Nullable List<String> warnings;

    /// Set by the execution.
    private @Nullable UUID tracingId;

    /// As received; echoed only by what asks for it.
    private Map<String, byte[]> customPayload = Map.of();

    /// Defaults for a new request.
    public Request reset(int protocolVersion, ClientState client) {
        this.protocolVersion = protocolVersion;
        this.client = client;
        consistency = ConsistencyLevel.ONE;
        serialConsistency = ConsistencyLevel.SERIAL;
        skipMetadata = false;
        pageSize = 0;
        pagingState = null;
        pageBytesMax = PAGE_BYTES_MAX;
        defaultTimestamp = NO_TIMESTAMP;
        nowInSeconds = NO_NOW;
        keyspace = null;
        resultMetadataId = null;
        tracing = false;
        warnings = null;
        tracingId = null;
        customPayload = Map.of();
        return this;
    }

    /// The keyspace for unqualified names: the request's, else the connection's, else null.
    public @Nullable String effectiveKeyspace() {
        return keyspace != null ? keyspace : client.keyspace();
    }

    public void warn(String text) {
        if (warnings == null) {
            warnings = new ArrayList<>();
        }
        warnings.add(text);
    }

    public List<String> warnings() {
        return warnings == null ? List.of() : warnings;
    }

    public @Nullable UUID tracingId() {
        return tracingId;
    }

    public void tracingId(UUID id) {
        tracingId = id;
    }

    public Map<String, byte[]> customPayload() {
        return customPayload;
    }

    public void customPayload(Map<String, byte[]> payload) {
        customPayload = Map.copyOf(payload);
    }

    /// A copy that does not share bytes with the frame.
    public Request detach() {
        Request copy = new Request();
        copy.reset(protocolVersion, client);
        copy.consistency = consistency;
        copy.serialConsistency = serialConsistency;
        copy.skipMetadata = skipMetadata;
        copy.pageSize = pageSize;
        copy.pagingState = pagingState;
        copy.pageBytesMax = pageBytesMax;
        copy.defaultTimestamp = defaultTimestamp;
        copy.nowInSeconds = nowInSeconds;
        copy.keyspace = keyspace;
        copy.resultMetadataId = resultMetadataId;
        copy.tracing = tracing;
        copy.customPayload = customPayload;
        copy.values = values.detach();
        return copy;
    }
}
