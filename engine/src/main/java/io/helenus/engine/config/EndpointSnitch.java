package io.helenus.engine.config;

/// How a node knows where it is. Others learn it from the node.
public enum EndpointSnitch {
    /// Every node is in `datacenter1`, `rack1`.
    SIMPLE("SimpleSnitch"),

    /// The node is where its settings `data_center` and `rack` say, or a file
    /// `cassandra-rackdc.properties` beside the settings.
    GOSSIPING_PROPERTY_FILE("GossipingPropertyFileSnitch");

    private final String className;

    EndpointSnitch(String className) {
        this.className = className;
    }

    /// The name of Cassandra's class, without its package.
    public String className() {
        return className;
    }
}
