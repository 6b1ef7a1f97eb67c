package io.helenus.gossip.snitch;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The local place comes from a file, that of others from what they say of themselves.
public final class GossipingPropertyFileSnitch implements Snitch {
    /// Where a node is of which nothing is known.
    public static final Location UNKNOWN = new Location("UNKNOWN_DC", "UNKNOWN_RACK");

    /// What a node says of itself.
    ///
    /// @param internal its address within its data centre, if it named another one for that
    public record Told(Location location, @Nullable Endpoint internal) {}

    private final Endpoint self;
    private final RackDcProperties properties;
    private final Function<Endpoint, @Nullable Told> told;

    /// @param told asked on the thread that asks the snitch
    public GossipingPropertyFileSnitch(
            Endpoint self, RackDcProperties properties, Function<Endpoint, @Nullable Told> told) {
        this.self = self;
        this.properties = properties;
        this.told = told;
    }

    @Override
    public Location local() {
        return properties.location();
    }

    @Override
    public Location locationOf(Endpoint endpoint) {
        if (endpoint.equals(self)) {
            return properties.location();
        }
        Told answer = told.apply(endpoint);
        return answer == null ? UNKNOWN : answer.location();
    }

    @Override
    public Endpoint contactOf(Endpoint endpoint) {
        if (!properties.preferLocal() || endpoint.equals(self)) {
            return endpoint;
        }
        Told answer = told.apply(endpoint);
        if (answer == null) {
            return endpoint;
        }
        Endpoint internal = answer.internal();
        boolean near = answer.location().dataCenter().equals(local().dataCenter());
        return near && internal != null ? internal : endpoint;
    }
}
