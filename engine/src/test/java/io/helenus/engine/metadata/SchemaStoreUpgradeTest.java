package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.Agreement;
import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.AgreementRules;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A node that was alone until now becomes a cluster of one, with the schema that it has.
final class SchemaStoreUpgradeTest {
    private static final Endpoint SELF = Endpoint.of("127.0.0.1", 7000);
    private static final UUID HOST = new UUID(7, 7);

    private static ClusterState stateOf(SchemaStore store) {
        NodeIdentity identity = store.identity();
        assertThat(identity).isNotNull();
        ClusterNode node =
                new ClusterNode(
                        identity.hostId(),
                        SELF,
                        Endpoint.of("127.0.0.1", 9042),
                        new Location("datacenter1", "rack1"),
                        NodeState.NORMAL,
                        "0.1.0",
                        identity.tokens());
        return ClusterState.ofSingleNode(identity.clusterName(), node, store.schema());
    }

    @Test
    void theLogOfASingleNodeGoesOnAsAClusterOfOne() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        List<Schema> epochs;
        try (SchemaStore store = MetadataFixture.open(files)) {
            store.recordIdentity(new NodeIdentity(HOST, "Test", List.of(1L, 2L, 3L)));
            epochs = MetadataFixture.run(store, MetadataFixture.STATEMENTS);
        }
        ClusterState state;
        try (SchemaStore reopened = MetadataFixture.open(files)) {
            state = stateOf(reopened);
            assertThat(stateOf(reopened).clusterId()).isEqualTo(state.clusterId());
        }
        assertThat(state.schema()).isEqualTo(epochs.getLast());
        assertThat(state.epoch()).isEqualTo(epochs.getLast().epoch());
        assertThat(state.isSoleMember(HOST)).isTrue();
        assertThat(state.ring().tokenCount()).isEqualTo(3);
        ClusterState read =
                ClusterCodec.decodeState(ByteBuffer.wrap(ClusterCodec.encode(state)), List.of());
        assertThat(read.schema()).isEqualTo(state.schema());

        Agreement agreement =
                new Agreement(
                        AgreementSettings.DEFAULT,
                        AgreementRules.STANDARD,
                        HOST,
                        SELF,
                        new SplittableRandom(1),
                        List.of());
        List<AgreementEffect> effects = new ArrayList<>(agreement.create(state, 0));
        effects.addAll(agreement.onForced(1, 0));
        effects.addAll(
                agreement.propose(
                        new UUID(1, 1),
                        ClusterPlans.schema(_ ->
                                new DdlPlan(
                                        new SchemaTransformation.DropKeyspace("ks"), List.of())),
                        0));
        effects.addAll(agreement.onForced(2, 0));
        assertThat(effects)
                .filteredOn(AgreementEffect.Answer.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        AgreementEffect.Answer.class,
                        answer ->
                                assertThat(answer.outcome()).isInstanceOf(Outcome.Committed.class));
        assertThat(agreement.epoch()).isEqualTo(state.epoch() + 1);
    }
}
