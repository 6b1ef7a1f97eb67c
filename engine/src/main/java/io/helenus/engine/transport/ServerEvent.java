package io.helenus.engine.transport;

import java.net.InetSocketAddress;
import java.util.List;

/// What clients may register for. Names are those of the protocol.
public sealed interface ServerEvent {

    enum Type {
        TOPOLOGY_CHANGE,
        STATUS_CHANGE,
        SCHEMA_CHANGE
    }

    Type type();

    enum Topology {
        NEW_NODE,
        REMOVED_NODE,
        MOVED_NODE
    }

    enum Status {
        UP,
        DOWN
    }

    enum Change {
        CREATED,
        UPDATED,
        DROPPED
    }

    enum Target {
        KEYSPACE,
        TABLE,
        TYPE,
        FUNCTION,
        AGGREGATE
    }

    /// `node` is the address and port at which clients reach it.
    record TopologyChange(Topology change, InetSocketAddress node) implements ServerEvent {
        @Override
        public Type type() {
            return Type.TOPOLOGY_CHANGE;
        }
    }

    /// `node` is the address and port at which clients reach it.
    record StatusChange(Status status, InetSocketAddress node) implements ServerEvent {
        @Override
        public Type type() {
            return Type.STATUS_CHANGE;
        }
    }

    /// `name` is empty for a keyspace; `argumentTypes` is empty but for functions and aggregates.
    record SchemaChange(
            Change change, Target target, String keyspace, String name, List<String> argumentTypes)
            implements ServerEvent {
        public SchemaChange {
            argumentTypes = List.copyOf(argumentTypes);
        }

        @Override
        public Type type() {
            return Type.SCHEMA_CHANGE;
        }
    }
}
