package io.helenus.engine.cluster;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.SystemSchema;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// States and changes with all that differs between runs fixed.
public final class ClusterFixture {
    public static final UUID CLUSTER = new UUID(0xc1, 0);

    private ClusterFixture() {}

    public static UUID host(int number) {
        return new UUID(0, number);
    }

    public static Endpoint endpoint(int number) {
        return Endpoint.ipv4(0x7f000000 + number, 7000);
    }

    public static ClusterNode node(int number) {
        return new ClusterNode(
                host(number),
                endpoint(number),
                Endpoint.ipv4(0x7f000000 + number, 9042),
                new Location("dc1", "rack" + number % 3),
                NodeState.JOINING,
                "0.1.0",
                List.of(number * 1000L, number * -1000L));
    }

    public static ClusterState first() {
        return ClusterState.create(CLUSTER, "Test", node(1), SystemSchema.initial(List.of()));
    }

    public static LogEntry entry(ClusterState before, ClusterTransformation transformation) {
        long epoch = before.epoch() + 1;
        return new LogEntry(
                epoch,
                new UUID(0xb1, epoch),
                host(1),
                ByteBuffer.wrap(ClusterCodec.encode(transformation)));
    }

    public static ClusterState apply(ClusterState before, ClusterTransformation... changes) {
        ClusterState state = before;
        for (ClusterTransformation change : changes) {
            state = state.apply(entry(state, change));
        }
        return state;
    }

    /// Nodes 1 to so many, all normal and members.
    public static ClusterState members(int count) {
        ClusterState state = first();
        for (int i = 2; i <= count; i++) {
            state =
                    apply(
                            state,
                            new ClusterTransformation.Register(node(i)),
                            new ClusterTransformation.FinishJoin(host(i)),
                            new ClusterTransformation.AddMember(host(i)));
        }
        return state;
    }

    public static ClusterPlanner ddl(String cql) {
        SchemaStatement statement = (SchemaStatement) CqlParser.parse(cql);
        DdlContext context =
                new DdlContext(
                        Map.of("dc1", 1),
                        1,
                        () -> 1_700_000_000_000_000L,
                        () -> UUID.nameUUIDFromBytes(new byte[] {(byte) cql.length()}),
                        false);
        return ClusterPlans.schema(
                schema -> new DdlAnalyzer(schema, context, null).analyze(statement));
    }

    public static ClusterState run(ClusterState before, String... statements) {
        ClusterState state = before;
        for (String cql : statements) {
            ClusterTransformation change = ddl(cql).plan(state);
            if (change != null) {
                state = apply(state, change);
            }
        }
        return state;
    }
}
