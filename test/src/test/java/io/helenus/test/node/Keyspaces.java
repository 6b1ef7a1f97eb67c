package io.helenus.test.node;

/// The statements that tests begin with.
public final class Keyspaces {
    private Keyspaces() {}

    /// Makes one whose data are at one node.
    public static String create(String name) {
        return "CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
                .formatted(name);
    }
}
