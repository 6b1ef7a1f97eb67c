package io.helenus.engine.transport;

/// Takes events for registered clients, from any thread, and never waits. Events published by one
/// thread reach each client in that order, and before the result of a request that is completed
/// after them: publish a schema change before the DDL's result is given, as Cassandra does.
@FunctionalInterface
public interface EventSink {
    void publish(ServerEvent event);
}
