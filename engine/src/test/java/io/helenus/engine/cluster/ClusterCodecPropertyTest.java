package io.helenus.engine.cluster;

import static io.helenus.engine.cluster.ClusterFixture.apply;
import static io.helenus.engine.cluster.ClusterFixture.ddl;
import static io.helenus.engine.cluster.ClusterFixture.entry;
import static io.helenus.engine.cluster.ClusterFixture.first;
import static io.helenus.engine.cluster.ClusterFixture.host;
import static io.helenus.engine.cluster.ClusterFixture.members;
import static io.helenus.engine.cluster.ClusterFixture.node;
import static io.helenus.engine.cluster.ClusterFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Bytes and back; and that whatever else comes is refused, never worse.
final class ClusterCodecPropertyTest {
    private static final ClusterState RICH =
            run(
                    apply(members(3), new ClusterTransformation.Register(node(4))),
                    "CREATE KEYSPACE ks WITH replication = {'class':'SimpleStrategy',"
                            + "'replication_factor':1}",
                    "CREATE TYPE ks.point (x int, y int)",
                    "CREATE TABLE ks.t (k int PRIMARY KEY, p frozen<point>, v list<text>)");

    @Provide
    static Arbitrary<ClusterTransformation> transformations() {
        Arbitrary<ClusterNode> nodes =
                Combinators.combine(
                                Arbitraries.integers().between(5, 200),
                                Arbitraries.longs().set().ofMinSize(1).ofMaxSize(20),
                                Arbitraries.strings().ofMaxLength(40),
                                Arbitraries.integers().between(0, Endpoint.PORT_MAX))
                        .as((number, tokens, release, port) ->
                                new ClusterNode(
                                        host(number),
                                        Endpoint.ipv6(number, port, port),
                                        Endpoint.ipv4(number, port),
                                        new Location("dc", "rack" + number % 3),
                                        NodeState.JOINING,
                                        release,
                                        List.copyOf(tokens)));
        return Arbitraries.oneOf(
                nodes.map(ClusterTransformation.Register::new),
                nodes.map(each ->
                        new ClusterTransformation.Update(
                                each.hostId(),
                                each.endpoint(),
                                each.nativeEndpoint(),
                                each.release())),
                Arbitraries.of(
                        new ClusterTransformation.FinishJoin(host(4)),
                        new ClusterTransformation.StartLeave(host(2)),
                        new ClusterTransformation.Remove(host(4)),
                        new ClusterTransformation.AddMember(host(3)),
                        new ClusterTransformation.RemoveMember(host(3)),
                        planned("DROP TABLE ks.t"),
                        planned("CREATE TABLE ks.u (k int PRIMARY KEY, p frozen<point>)"),
                        planned("ALTER TABLE ks.t ADD w map<int, text>"),
                        planned("DROP KEYSPACE ks")));
    }

    private static ClusterTransformation planned(String cql) {
        return Objects.requireNonNull(ddl(cql).plan(RICH));
    }

    @Property(tries = 300)
    void transformationsComeBack(@ForAll("transformations") ClusterTransformation each) {
        byte[] bytes = ClusterCodec.encode(each);
        ClusterTransformation back = ClusterCodec.decode(ByteBuffer.wrap(bytes), RICH.schema());
        assertThat(ClusterCodec.encode(back)).isEqualTo(bytes);
        assertThat(back.getClass()).isEqualTo(each.getClass());
    }

    @Property(tries = 300)
    void aDamagedTransformationIsRefusedOrIsAnother(
            @ForAll("transformations") ClusterTransformation each,
            @ForAll int at,
            @ForAll byte value) {
        byte[] bytes = ClusterCodec.encode(each);
        bytes[Math.floorMod(at, bytes.length)] = value;
        decodeOrRefuse(bytes);
        for (int length = 0; length < Math.min(bytes.length, 80); length++) {
            decodeOrRefuse(Arrays.copyOf(bytes, length));
        }
    }

    @Property(tries = 500)
    void noiseIsRefused(@ForAll byte[] bytes) {
        decodeOrRefuse(bytes);
        try {
            ClusterCodec.decodeState(ByteBuffer.wrap(bytes), List.of());
        } catch (ClusterFormatException e) {
            assertThat(e).hasMessageStartingWith("Not cluster metadata: at byte ");
        }
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            ClusterCodec.decode(ByteBuffer.wrap(bytes), RICH.schema());
        } catch (ClusterFormatException e) {
            assertThat(e).hasMessageStartingWith("Not cluster metadata: at byte ");
        }
    }

    @Property(tries = 200)
    void aDamagedStateIsRefusedOrIsAnother(@ForAll int at, @ForAll byte value) {
        byte[] bytes = ClusterCodec.encode(RICH);
        bytes[Math.floorMod(at, bytes.length)] = value;
        try {
            ClusterCodec.decodeState(ByteBuffer.wrap(bytes), List.of());
        } catch (ClusterFormatException e) {
            assertThat(e).hasMessageStartingWith("Not cluster metadata: at byte ");
        }
    }

    @Example
    void statesComeBackAndGoOnAlike() {
        for (ClusterState state : List.of(first(), members(3), RICH)) {
            byte[] bytes = ClusterCodec.encode(state);
            ClusterState back = ClusterCodec.decodeState(ByteBuffer.wrap(bytes), List.of());
            assertThat(ClusterCodec.encode(back)).isEqualTo(bytes);
            LogEntry next = entry(state, new ClusterTransformation.Register(node(9)));
            assertThat(back.apply(next).hash()).isEqualTo(state.apply(next).hash());
            assertThat(back.schema()).isEqualTo(state.schema());
        }
    }

    @Example
    void limitsAreCheckedBeforeAnythingIsMade() {
        byte[] huge = new ClusterOutput().u8(1).u8(1).i32(Integer.MAX_VALUE).toBytes();
        assertThatExceptionOfType(ClusterFormatException.class)
                .isThrownBy(() -> ClusterCodec.decode(ByteBuffer.wrap(huge), RICH.schema()))
                .withMessageContaining("the limit is " + ClusterCodec.TRANSFORMATION_BYTES_MAX);
        byte[] version = new ClusterOutput().u8(2).toBytes();
        assertThatExceptionOfType(ClusterFormatException.class)
                .isThrownBy(() -> ClusterCodec.decode(ByteBuffer.wrap(version), RICH.schema()))
                .withMessageContaining("format 2, known here is 1");
        byte[] kind = new ClusterOutput().u8(1).u8(99).toBytes();
        assertThatExceptionOfType(ClusterFormatException.class)
                .isThrownBy(() -> ClusterCodec.decode(ByteBuffer.wrap(kind), RICH.schema()))
                .withMessageContaining("kind 99, known are 1 to 8");
    }
}
