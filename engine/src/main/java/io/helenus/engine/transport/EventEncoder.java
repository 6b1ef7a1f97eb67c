package io.helenus.engine.transport;

import io.helenus.sstable.model.ByteWriter;

/// Writes the body of an EVENT.
final class EventEncoder {
    private EventEncoder() {}

    static void write(ByteWriter out, int version, ServerEvent event) {
        Notations.writeString(out, event.type().name());
        switch (event) {
            case ServerEvent.TopologyChange(var change, var node) -> {
                Notations.writeString(out, change.name());
                Notations.writeInet(out, node);
            }
            case ServerEvent.StatusChange(var status, var node) -> {
                Notations.writeString(out, status.name());
                Notations.writeInet(out, node);
            }
            case ServerEvent.SchemaChange schema -> writeSchemaChange(out, version, schema);
        }
    }

    private static void writeSchemaChange(
            ByteWriter out, int version, ServerEvent.SchemaChange event) {
        boolean callable =
                event.target() == ServerEvent.Target.FUNCTION
                        || event.target() == ServerEvent.Target.AGGREGATE;
        if (callable && version < Protocol.V4) { // v3 knows no functions: its keyspace changed
            Notations.writeString(out, ServerEvent.Change.UPDATED.name());
            Notations.writeString(out, ServerEvent.Target.KEYSPACE.name());
            Notations.writeString(out, event.keyspace());
            return;
        }
        Notations.writeString(out, event.change().name());
        Notations.writeString(out, event.target().name());
        Notations.writeString(out, event.keyspace());
        if (event.target() != ServerEvent.Target.KEYSPACE) {
            Notations.writeString(out, event.name());
        }
        if (callable) {
            Notations.writeStringList(out, event.argumentTypes());
        }
    }
}
