package io.helenus.gossip.snitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SnitchTest {
    private static final String FILE = "cassandra-rackdc.properties";
    private static final Endpoint SELF = Endpoint.of("10.0.0.1", 7000);
    private static final Endpoint NEAR = Endpoint.of("10.0.0.2", 7000);
    private static final Endpoint FAR = Endpoint.of("10.0.0.3", 7000);
    private static final Endpoint STRANGER = Endpoint.of("10.0.0.4", 7000);
    private static final Endpoint INTERNAL = Endpoint.of("192.168.0.2", 7000);

    @Test
    void theFileNamesDataCenterAndRack() {
        String text = "# ours\n\n! yes\n  dc = east 1\nrack:r=1\nprefer_local= True\n";
        assertThat(RackDcProperties.parse(FILE, text))
                .isEqualTo(new RackDcProperties(new Location("east 1", "r=1"), true));
        assertThat(RackDcProperties.parse(FILE, "rack=b\r\ndc=a\r\n"))
                .isEqualTo(new RackDcProperties(new Location("a", "b"), false));
    }

    record Refused(String text, String message) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("dc=a", ": rack is missing"),
                new Refused("", ": dc is missing"),
                new Refused("dc=a\nrack", ", line 2: 'rack' is not NAME=VALUE"),
                new Refused("dc=a\ndc=b", ", line 2: dc is there twice"),
                new Refused("dc=\nrack=b", ", line 1: dc has no value"),
                new Refused(
                        "\nrak=b",
                        ", line 2: unknown name 'rak', known are [dc, rack, prefer_local]"),
                new Refused("dc=a\\u0020", ", line 1: the value of dc has a backslash"),
                new Refused("prefer_local=yes", "prefer_local is 'yes', must be true or false"),
                new Refused("dc_suffix=_1", "dc_suffix is for the snitches of clouds"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsWrongIsNamedWithItsLine(Refused refused) {
        assertThatThrownBy(() -> RackDcProperties.parse(FILE, refused.text))
                .isInstanceOf(RackDcProperties.InvalidException.class)
                .hasMessageStartingWith(FILE)
                .hasMessageContaining(refused.message);
    }

    private static Snitch snitch(boolean preferLocal) {
        TreeMap<Endpoint, GossipingPropertyFileSnitch.Told> told = new TreeMap<>();
        told.put(NEAR, new GossipingPropertyFileSnitch.Told(new Location("east", "b"), INTERNAL));
        told.put(FAR, new GossipingPropertyFileSnitch.Told(new Location("west", "a"), INTERNAL));
        return new GossipingPropertyFileSnitch(
                SELF, new RackDcProperties(new Location("east", "a"), preferLocal), told::get);
    }

    @Test
    void othersAreWhereTheySay() {
        Snitch snitch = snitch(false);
        assertThat(snitch.locationOf(SELF)).isEqualTo(snitch.local());
        assertThat(snitch.locationOf(STRANGER)).isEqualTo(GossipingPropertyFileSnitch.UNKNOWN);
        assertThat(Stream.of(SELF, NEAR, FAR, STRANGER).map(snitch::distanceTo))
                .containsExactly(0, 1, 2, 2);
        assertThat(new SimpleSnitch().distanceTo(FAR)).isZero();
    }

    @Test
    void internalAddressesAreForTheOwnDataCenterAndOnlyOnRequest() {
        assertThat(Stream.of(SELF, NEAR, FAR, STRANGER).map(snitch(true)::contactOf))
                .containsExactly(SELF, INTERNAL, FAR, STRANGER);
        assertThat(snitch(false).contactOf(NEAR)).isEqualTo(NEAR);
    }
}
