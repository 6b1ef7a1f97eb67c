package io.helenus.gossip.exchange;

import org.jspecify.annotations.Nullable;

/// What a node says of itself. The numbers are in messages and never change; a node keeps and
/// passes on what has a number that it does not know.
public enum StateKey {
    /// UUID of the node.
    HOST_ID(1),
    DATA_CENTER(2),
    RACK(3),
    /// Of Helenus, as drivers see it.
    RELEASE_VERSION(4),
    /// UUID derived from the metadata epoch that the node has applied.
    SCHEMA_VERSION(5),
    /// The epoch itself, a decimal number: who is behind asks for what is missing.
    METADATA_EPOCH(6),
    /// Bytes of live data, a decimal number.
    LOAD(7),
    /// Address and port for clients.
    NATIVE_ADDRESS(8),
    /// Address and port for nodes of the same data centre, if it is another one.
    INTERNAL_ADDRESS(9),
    /// `true` while clients are served.
    NATIVE_READY(10),
    /// Newest version of the messages between nodes that it speaks.
    MESSAGING_VERSION(11);

    private static final StateKey[] BY_NUMBER = new StateKey[values().length + 1];

    static {
        for (StateKey key : values()) {
            BY_NUMBER[key.number] = key;
        }
    }

    private final int number;

    StateKey(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// Null for a key of a later release.
    public static @Nullable StateKey of(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
