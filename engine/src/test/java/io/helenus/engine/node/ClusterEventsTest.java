package io.helenus.engine.node;

import static io.helenus.engine.cluster.ClusterFixture.apply;
import static io.helenus.engine.cluster.ClusterFixture.endpoint;
import static io.helenus.engine.cluster.ClusterFixture.first;
import static io.helenus.engine.cluster.ClusterFixture.host;
import static io.helenus.engine.cluster.ClusterFixture.members;
import static io.helenus.engine.cluster.ClusterFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation.FinishJoin;
import io.helenus.engine.cluster.ClusterTransformation.Register;
import io.helenus.engine.cluster.ClusterTransformation.Remove;
import io.helenus.engine.cluster.ClusterTransformation.StartLeave;
import io.helenus.engine.transport.ServerEvent;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.StateKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients of node 1 hear of node 2.
class ClusterEventsTest {
    private static final ClusterState JOINING = apply(first(), new Register(node(2)));
    private static final ClusterState JOINED = apply(JOINING, new FinishJoin(host(2)));

    private final List<String> told = new ArrayList<>();
    private final ClusterEvents events = new ClusterEvents(host(1), this::tell);

    private void tell(ServerEvent event) {
        told.add(
                switch (event) {
                    case ServerEvent.StatusChange(var status, var node) -> status + " " + node;
                    case ServerEvent.TopologyChange(var change, var node) -> change + " " + node;
                    case ServerEvent.SchemaChange schema -> schema.toString();
                });
    }

    private void ready(boolean ready) {
        events.changed(endpoint(2), StateKey.NATIVE_READY.number(), Boolean.toString(ready));
    }

    private void up() {
        events.up(endpoint(2));
    }

    private void down() {
        events.down(endpoint(2), DownReason.CONVICTED, 9);
    }

    /// Each with the address for clients.
    private void heard(String... kinds) {
        assertThat(told)
                .containsExactlyElementsOf(
                        List.of(kinds).stream().map(kind -> kind + " /127.0.0.2:9042").toList());
        told.clear();
    }

    @Test
    void aNodeIsNewAndUpWhenItHasJoinedAndServesClients() {
        events.changed(first());
        events.changed(JOINING);
        ready(false);
        up();
        heard();
        events.changed(JOINED);
        heard();
        ready(true);
        heard("NEW_NODE", "UP");
        ready(true);
        events.changed(JOINED);
        heard();
    }

    @Test
    void theLogMayComeLaterThanGossip() {
        events.changed(first());
        ready(true);
        up();
        heard();
        events.changed(JOINING);
        heard();
        events.changed(JOINED);
        heard("NEW_NODE", "UP");
    }

    @Test
    void aNodeThatWasThereBeforeIsNotNew() {
        events.changed(JOINED);
        heard();
        ready(true);
        up();
        heard("UP");
    }

    @Test
    void aNodeThatIsOnlyAboutToComeIsNotDown() {
        events.changed(JOINED);
        down();
        ready(false);
        up();
        down();
        heard();
    }

    @Test
    void aNodeGoesDownAndComesBackOnceEach() {
        events.changed(JOINED);
        ready(true);
        up();
        heard("UP");
        down();
        down();
        heard("DOWN");
        ready(true);
        heard();
        up();
        heard("UP");
    }

    @Test
    void aRestartThatNobodyNoticedIsDownThenUp() {
        events.changed(JOINED);
        ready(true);
        up();
        heard("UP");
        events.down(endpoint(2), DownReason.RESTARTED, 0);
        events.restarted(endpoint(2), 7);
        ready(false);
        up();
        heard("DOWN");
        ready(true);
        heard("UP");
    }

    @Test
    void aNodeThatClosesItsPortForClientsIsDownForThem() {
        events.changed(JOINED);
        ready(true);
        up();
        ready(false);
        heard("UP", "DOWN");
        ready(true);
        heard("UP");
    }

    @Test
    void aNodeThatLeavesIsRemovedAtTheEnd() {
        events.changed(JOINED);
        ready(true);
        up();
        ClusterState leaving = apply(JOINED, new StartLeave(host(2)));
        events.changed(leaving);
        heard("UP");
        events.changed(apply(leaving, new Remove(host(2))));
        heard("REMOVED_NODE");
        down();
        heard();
    }

    @Test
    void severalEpochsAtOnceAreOneChange() {
        events.changed(first());
        events.changed(members(3));
        ready(true);
        up();
        heard("NEW_NODE", "UP");
    }

    @Test
    void aNodeHearsNothingOfItself() {
        events.changed(first());
        events.changed(endpoint(1), StateKey.NATIVE_READY.number(), "true");
        events.up(endpoint(1));
        assertThat(told).isEmpty();
    }
}
