package io.helenus.gossip.exchange;

import io.helenus.gossip.detector.ArrivalWindow;
import io.helenus.gossip.detector.FailureDetector;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which of the other nodes are up. Each that is known is either live or down: it comes up when it has
/// answered an echo, and goes down when it has been silent for too long, says that it stops, has restarted
/// or is removed. Belongs to its [Gossiper].
final class Liveness {
    private final GossipSettings settings;
    private final GossipRules rules;
    private final RandomGenerator random;
    private final FailureDetector detector;
    private final List<GossipEffect> effects;
    private final PeerTable live = new PeerTable();
    private final PeerTable down = new PeerTable();

    /// @param effects of the call that runs
    Liveness(
            GossipSettings settings,
            GossipRules rules,
            RandomGenerator random,
            List<GossipEffect> effects) {
        this.settings = settings;
        this.rules = rules;
        this.random = random;
        this.effects = effects;
        detector = new FailureDetector(settings.detector());
    }

    PeerTable live() {
        return live;
    }

    PeerTable down() {
        return down;
    }

    /// How surprising a node's silence is; 0 if it is not up.
    double phi(@Nullable PeerState peer, long nowNanos) {
        ArrivalWindow arrivals = peer == null ? null : peer.arrivals;
        return arrivals == null ? 0 : detector.phi(arrivals, nowNanos);
    }

    /// A node that was not known.
    void discovered(PeerState peer) {
        down.add(peer);
    }

    void removed(PeerState peer) {
        if (peer.up) {
            markDown(peer, GossipEffect.DownReason.REMOVED, 0);
        }
        down.remove(peer.endpoint);
    }

    /// A later life of it is heard of.
    void restarted(PeerState peer) {
        if (peer.up) {
            markDown(peer, GossipEffect.DownReason.RESTARTED, 0);
        }
    }

    /// It has said something new.
    void heardOf(PeerState peer, long nowNanos) {
        ArrivalWindow arrivals = peer.arrivals;
        if (arrivals != null) {
            arrivals.arrived(nowNanos);
        } else if (peer.stoppedGeneration != peer.generation) {
            askForEcho(peer, nowNanos);
        }
    }

    private void askForEcho(PeerState peer, long nowNanos) {
        if (!rules.answersBeforeUp()) {
            markUp(peer, nowNanos);
            return;
        }
        boolean waiting = peer.echoNonce != 0;
        if (waiting && nowNanos - peer.echoSentNanos < settings.echoTimeoutNanos()) {
            return;
        }
        if (!waiting) {
            peer.echoNonce = random.nextLong() | 1; // 0 means none
        }
        peer.echoSentNanos = nowNanos;
        effects.add(new GossipEffect.Send(peer.endpoint, new GossipMessage.Echo(peer.echoNonce)));
    }

    void answered(PeerState peer, GossipMessage.EchoReply reply, long nowNanos) {
        if (!peer.up
                && peer.echoNonce != 0
                && peer.echoNonce == reply.nonce()
                && peer.generation == reply.generation()) {
            markUp(peer, nowNanos);
        }
    }

    void stops(PeerState peer, GossipMessage.Shutdown shutdown) {
        if (peer.generation != shutdown.generation()) {
            return; // of an earlier life
        }
        peer.stoppedGeneration = peer.generation;
        peer.echoNonce = 0;
        if (peer.up) {
            markDown(peer, GossipEffect.DownReason.SHUT_DOWN, 0);
        }
    }

    /// To be called with each tick.
    ///
    /// @return for how long this node has stood still; then it convicts nobody for a while
    long tick(long nowNanos) {
        return detector.tick(nowNanos);
    }

    /// Those that have been silent for too long are down.
    void convict(long nowNanos) {
        for (int i = live.size() - 1; i >= 0; i--) {
            PeerState peer = live.get(i);
            ArrivalWindow arrivals = peer.arrivals;
            if (arrivals != null && detector.convicts(arrivals, nowNanos)) {
                double phi = detector.phi(arrivals, nowNanos);
                markDown(peer, GossipEffect.DownReason.CONVICTED, phi);
            }
        }
    }

    /// Nobody was listening until now: silence counts from here on.
    void listenAnew(long nowNanos) {
        for (PeerState peer : live.all()) {
            peer.arrivals = detector.newWindow(nowNanos);
        }
    }

    private void markUp(PeerState peer, long nowNanos) {
        peer.up = true;
        peer.echoNonce = 0;
        peer.arrivals = detector.newWindow(nowNanos);
        down.remove(peer.endpoint);
        live.add(peer);
        effects.add(new GossipEffect.Up(peer.endpoint));
    }

    private void markDown(PeerState peer, GossipEffect.DownReason reason, double phi) {
        peer.up = false;
        peer.echoNonce = 0;
        peer.arrivals = null;
        live.remove(peer.endpoint);
        down.add(peer);
        effects.add(new GossipEffect.Down(peer.endpoint, reason, phi));
    }
}
