package io.helenus.engine.transport;

import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connected client, as listed to operators and in `system_views.clients`.
///
/// @param stage of the connection, as Cassandra names it: `established`, `authenticating`, `ready`
/// @param protocolVersion 0 before STARTUP
/// @param options what its STARTUP said
/// @param driverName from STARTUP, if given
/// @param requests messages received from it
public record ClientInfo(
        SocketAddress address,
        String stage,
        int protocolVersion,
        Map<String, String> options,
        @Nullable String driverName,
        @Nullable String driverVersion,
        @Nullable String keyspace,
        long requests) {}
