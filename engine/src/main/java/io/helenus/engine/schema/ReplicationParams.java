package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import io.helenus.gossip.ring.ReplicationStrategy;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How often and where the rows of a keyspace are stored. Immutable, compared by value.
public final class ReplicationParams {
    /// Cassandra's replication strategies, by the names of their classes.
    public enum Strategy {
        SIMPLE("SimpleStrategy"),
        NETWORK_TOPOLOGY("NetworkTopologyStrategy"),
        LOCAL("LocalStrategy");

        private final String simpleName;

        Strategy(String simpleName) {
            this.simpleName = simpleName;
        }

        public String simpleName() {
            return simpleName;
        }

        /// The name that clients see.
        public String className() {
            return PACKAGE + simpleName;
        }
    }

    private static final String PACKAGE = "org.apache.cassandra.locator.";
    private static final String CLASS = "class";
    private static final String FACTOR = "replication_factor";

    public static final ReplicationParams LOCAL =
            new ReplicationParams(Strategy.LOCAL, 0, new TreeMap<>());

    private final Strategy strategy;
    private final int factor;
    private final SortedMap<String, Integer> factorByDatacenter;

    private ReplicationParams(
            Strategy strategy, int factor, SortedMap<String, Integer> factorByDatacenter) {
        this.strategy = strategy;
        this.factor = factor;
        this.factorByDatacenter = Collections.unmodifiableSortedMap(factorByDatacenter);
    }

    public static ReplicationParams simple(int factor) {
        return new ReplicationParams(Strategy.SIMPLE, factor, new TreeMap<>());
    }

    public static ReplicationParams networkTopology(Map<String, Integer> factorByDatacenter) {
        return new ReplicationParams(
                Strategy.NETWORK_TOPOLOGY, 0, new TreeMap<>(factorByDatacenter));
    }

    /// The value of the property `replication`, completed from what the keyspace had before and
    /// from the cluster.
    ///
    /// @throws CqlException if it makes no sense, in Cassandra's words
    static ReplicationParams of(
            String keyspace,
            Map<String, String> given,
            @Nullable ReplicationParams before,
            DdlContext context) {
        Map<String, String> options = new TreeMap<>(given);
        Strategy strategy = strategy(options.remove(CLASS));
        return switch (strategy) {
            case LOCAL -> LOCAL;
            case SIMPLE -> simple(keyspace, options, before, context);
            case NETWORK_TOPOLOGY -> networkTopology(keyspace, options, before, context);
        };
    }

    /// What [#asMap] gave.
    static ReplicationParams ofStored(Map<String, String> stored) {
        Map<String, String> options = new TreeMap<>(stored);
        Strategy strategy = strategy(options.remove(CLASS));
        String factor = options.remove(FACTOR);
        SortedMap<String, Integer> factors = new TreeMap<>();
        options.forEach((datacenter, value) -> factors.put(datacenter, factor(value)));
        return new ReplicationParams(strategy, factor == null ? 0 : factor(factor), factors);
    }

    private static Strategy strategy(@Nullable String className) {
        if (className == null) {
            throw CqlException.config("Missing replication strategy class");
        }
        String fullName = className.contains(".") ? className : PACKAGE + className;
        for (Strategy strategy : Strategy.values()) {
            if (strategy.className().equals(fullName)) {
                return strategy;
            }
        }
        if (fullName.equals(PACKAGE + "OldNetworkTopologyStrategy")) {
            throw CqlException.config(
                    "The support for the OldNetworkTopologyStrategy has been removed in C* version"
                            + " 4.0. The keyspace strategy should be switch to"
                            + " NetworkTopologyStrategy");
        }
        throw CqlException.config("Unable to find replication strategy class '" + fullName + "'");
    }

    private static ReplicationParams simple(
            String keyspace,
            Map<String, String> options,
            @Nullable ReplicationParams before,
            DdlContext context) {
        String text = options.remove(FACTOR);
        int factor;
        if (text != null) {
            factor = factor(text);
        } else if (before != null && before.strategy == Strategy.SIMPLE) {
            factor = before.factor;
        } else {
            factor = context.defaultReplicationFactor();
        }
        for (String unknown : options.keySet()) {
            throw unrecognized(unknown, Strategy.SIMPLE, keyspace);
        }
        return simple(factor);
    }

    private static ReplicationParams networkTopology(
            String keyspace,
            Map<String, String> options,
            @Nullable ReplicationParams before,
            DdlContext context) {
        String text = options.remove(FACTOR);
        SortedMap<String, Integer> factors = new TreeMap<>();
        if (text != null || options.isEmpty()) {
            int factor = defaultFactor(text, before, context);
            context.nodesByDatacenter().keySet().forEach(name -> factors.put(name, factor));
            if (before != null && before.strategy == Strategy.NETWORK_TOPOLOGY) {
                factors.putAll(before.factorByDatacenter); // what is there is not changed silently
            }
        }
        options.forEach((datacenter, value) -> factors.put(datacenter, factor(value)));
        factors.values().removeIf(factor -> factor == 0);
        if (factors.isEmpty()) {
            throw CqlException.config("Configuration for at least one datacenter must be present");
        }
        for (String datacenter : factors.keySet()) {
            if (!context.nodesByDatacenter().containsKey(datacenter)) {
                throw unrecognized(datacenter, Strategy.NETWORK_TOPOLOGY, keyspace);
            }
        }
        return networkTopology(factors);
    }

    private static int defaultFactor(
            @Nullable String text, @Nullable ReplicationParams before, DdlContext context) {
        if (text != null) {
            return factor(text);
        }
        return before != null && before.strategy == Strategy.SIMPLE
                ? before.factor
                : context.defaultReplicationFactor();
    }

    /// `3`, or `3/0`: all of three replicas, none of them transient.
    private static int factor(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0 && parse(text.substring(slash + 1)) != 0) {
            throw CqlException.config("Transient replication is not enabled on this node");
        }
        int factor = parse(slash < 0 ? text : text.substring(0, slash));
        if (factor < 0) {
            throw CqlException.config("Replication factor must be non-negative, found " + factor);
        }
        return factor;
    }

    private static int parse(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw CqlException.config("For input string: \"" + text + "\"");
        }
    }

    private static CqlException unrecognized(String option, Strategy strategy, String keyspace) {
        return CqlException.config(
                "Unrecognized strategy option {%s} passed to %s for keyspace %s"
                        .formatted(option, strategy.simpleName(), keyspace));
    }

    public Strategy strategy() {
        return strategy;
    }

    /// Copies of each row, for SimpleStrategy.
    public int factor() {
        return factor;
    }

    /// Copies of each row in each datacenter, for NetworkTopologyStrategy.
    public SortedMap<String, Integer> factorByDatacenter() {
        return factorByDatacenter;
    }

    /// Copies of each row in the whole cluster.
    public int totalFactor() {
        return switch (strategy) {
            case LOCAL -> 1;
            case SIMPLE -> factor;
            case NETWORK_TOPOLOGY ->
                    factorByDatacenter.values().stream().mapToInt(Integer::intValue).sum();
        };
    }

    /// How replicas are found on the ring.
    ///
    /// @throws IllegalStateException for LocalStrategy, which is each node's own affair
    public ReplicationStrategy onRing() {
        return switch (strategy) {
            case SIMPLE -> new ReplicationStrategy.Simple(factor);
            case NETWORK_TOPOLOGY -> new ReplicationStrategy.NetworkTopology(factorByDatacenter);
            case LOCAL -> throw new IllegalStateException("LocalStrategy needs no ring");
        };
    }

    /// Everything but the class, as text.
    SortedMap<String, String> options() {
        SortedMap<String, String> options = new TreeMap<>();
        if (strategy == Strategy.SIMPLE) {
            options.put(FACTOR, Integer.toString(factor));
        }
        factorByDatacenter.forEach((name, copies) -> options.put(name, copies.toString()));
        return options;
    }

    /// As the schema tables show it.
    public SortedMap<String, String> asMap() {
        SortedMap<String, String> map = options();
        map.put(CLASS, strategy.className());
        return map;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReplicationParams that
                && strategy == that.strategy
                && factor == that.factor
                && factorByDatacenter.equals(that.factorByDatacenter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(strategy, factor, factorByDatacenter);
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
