package io.helenus.engine.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What clients are told about a change of the schema: as the result of the statement, and as an
/// event to those that registered.
///
/// @param name of what is in the keyspace, empty if it is the keyspace itself
/// @param argumentTypes of a function or aggregate
public record SchemaChange(
        Kind kind, Target target, String keyspace, String name, List<String> argumentTypes) {
    /// What happened.
    public enum Kind {
        CREATED,
        UPDATED,
        DROPPED
    }

    /// What it happened to.
    public enum Target {
        KEYSPACE,
        TABLE,
        TYPE,
        FUNCTION,
        AGGREGATE
    }

    public SchemaChange {
        argumentTypes = List.copyOf(argumentTypes);
    }

    static SchemaChange of(Kind kind, Target target, String keyspace, String name) {
        return new SchemaChange(kind, target, keyspace, name, List.of());
    }

    static SchemaChange ofKeyspace(Kind kind, String keyspace) {
        return of(kind, Target.KEYSPACE, keyspace, "");
    }

    /// All that differs, in the order in which a client can follow: what is created after what it
    /// is made of, what is dropped before.
    public static List<SchemaChange> between(Schema before, Schema after) {
        List<SchemaChange> changes = new ArrayList<>();
        NavigableMap<String, KeyspaceSchema> names = new TreeMap<>(before.keyspaces());
        names.putAll(after.keyspaces());
        for (String name : names.keySet()) {
            KeyspaceSchema old = before.keyspace(name);
            KeyspaceSchema now = after.keyspace(name);
            if (old == null && now != null) {
                changes.add(ofKeyspace(Kind.CREATED, name));
                contents(KeyspaceSchema.empty(name, now.replication(), true), now, changes);
            } else if (old != null && now == null) {
                contents(old, KeyspaceSchema.empty(name, old.replication(), true), changes);
                changes.add(ofKeyspace(Kind.DROPPED, name));
            } else if (old != null && now != null && !old.equals(now)) {
                boolean altered =
                        !old.replication().equals(now.replication())
                                || old.durableWrites() != now.durableWrites();
                if (altered) {
                    changes.add(ofKeyspace(Kind.UPDATED, name));
                }
                contents(old, now, changes);
            }
        }
        return changes;
    }

    private static void contents(
            KeyspaceSchema old, KeyspaceSchema now, List<SchemaChange> changes) {
        diff(Target.TABLE, Kind.DROPPED, now, old, changes);
        diff(Target.TYPE, Kind.DROPPED, now, old, changes);
        diff(Target.TYPE, Kind.CREATED, old, now, changes);
        diff(Target.TYPE, Kind.UPDATED, old, now, changes);
        diff(Target.TABLE, Kind.CREATED, old, now, changes);
        diff(Target.TABLE, Kind.UPDATED, old, now, changes);
    }

    /// What the second has and the first has not, or has differently.
    private static void diff(
            Target target,
            Kind kind,
            KeyspaceSchema without,
            KeyspaceSchema with,
            List<SchemaChange> changes) {
        Function<KeyspaceSchema, NavigableMap<String, ?>> part =
                target == Target.TABLE ? KeyspaceSchema::tables : KeyspaceSchema::types;
        NavigableMap<String, ?> others = part.apply(without);
        part.apply(with)
                .forEach((name, value) -> {
                    if (isOfKind(kind, others.get(name), value)) {
                        changes.add(of(kind, target, with.name(), name));
                    }
                });
    }

    private static boolean isOfKind(Kind kind, @Nullable Object other, Object value) {
        return kind == Kind.UPDATED ? other != null && !other.equals(value) : other == null;
    }
}
