package io.helenus.engine.transport;

/// What the server has done since it started, and what it is doing now.
///
/// @param connections open connections
/// @param requests messages received, of any kind
/// @param errors ERROR messages sent
/// @param deferredRequests requests that were not answered on their loop at once
/// @param inFlightBytes bytes of unanswered requests, and of large ones that are still arriving
/// @param pauses how often a connection was no longer read from, for its own or the node's limits
/// @param refusedConnections connections beyond the limit
/// @param resultBytes bytes of results that no socket has taken yet, small ones not counted
public record TransportMetrics(
        int connections,
        long requests,
        long errors,
        long deferredRequests,
        long inFlightBytes,
        long pauses,
        long receivedBytes,
        long sentBytes,
        long refusedConnections,
        long resultBytes) {}
