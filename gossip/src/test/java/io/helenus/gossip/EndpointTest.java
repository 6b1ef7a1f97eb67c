package io.helenus.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    /// As they are sorted.
    private static final List<String> TEXTS =
            List.of(
                    "9.255.255.255:65535",
                    "10.0.0.1:0",
                    "10.0.0.1:7000",
                    "10.0.0.1:9042",
                    "200.0.0.1:7000",
                    "[2001:db8:0:0:0:0:0:1]:7000",
                    "[fe80:0:0:0:0:0:0:1]:7000");

    @Test
    void orderIsThatOfUnsignedBytesThenPort() {
        List<Endpoint> sorted = TEXTS.stream().map(Endpoint::parse).toList();
        List<Endpoint> shuffled = new java.util.ArrayList<>(sorted);
        java.util.Collections.shuffle(shuffled, new Random(1));
        assertThat(shuffled.stream().sorted()).containsExactlyElementsOf(sorted);
        assertThat(sorted.stream().map(Endpoint::toString)).containsExactlyElementsOf(TEXTS);
    }

    @Test
    void everyFormGivesTheSame() {
        Endpoint endpoint = Endpoint.of("10.0.0.1", 7000);
        assertThat(Endpoint.of(new byte[] {10, 0, 0, 1}, 7000)).isEqualTo(endpoint);
        assertThat(Endpoint.of(endpoint.socketAddress()))
                .isEqualTo(endpoint)
                .hasSameHashCodeAs(endpoint);
        assertThat(Endpoint.of(Endpoint.parse(TEXTS.getLast()).address().getAddress(), 7000))
                .isEqualTo(Endpoint.parse(TEXTS.getLast()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "10.0.0.1:",
                "10.0.0.1:65536",
                "host:7000",
                "::1:7000",
                ":1"
            })
    void whatIsNoAddressIsNamed(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not an address and port: '" + text + "'");
    }

    @Test
    void wrongPartsAreRefused() {
        assertThatThrownBy(() -> Endpoint.of(new byte[5], 1)).hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> Endpoint.ipv4(1, -1)).hasMessageContaining("Port is -1");
        assertThatThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("host", 1)))
                .hasMessageContaining("Unresolved");
        assertThatThrownBy(() -> new Location(" ", "r")).hasMessageContaining("data centre");
    }
}
