package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.RequestFailure;
import io.helenus.engine.messaging.ResponseHandler;
import io.helenus.engine.messaging.Verb;
import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks other nodes once whether they have applied an epoch, and collects who does not say so in time. Who
/// is asked answers when it has. On the owner.
///
/// | message  | bytes | holds                                       |
/// |----------|------:|---------------------------------------------|
/// | request  |     8 | the epoch that is asked for                 |
/// | response |     8 | the epoch that the node has applied by then |
final class EpochPoll {
    private static final Logger LOG = LoggerFactory.getLogger(EpochPoll.class);

    private final NavigableMap<UUID, ClusterNode> silent = new TreeMap<>();
    private final Consumer<List<ClusterNode>> end;
    private int left;

    /// @param end hears who was silent
    EpochPoll(Collection<ClusterNode> asked, Consumer<List<ClusterNode>> end) {
        asked.forEach(node -> silent.put(node.hostId(), node));
        this.end = end;
        left = silent.size();
    }

    void begin(Messenger messenger, long epoch, long timeoutNanos, Executor owner) {
        for (ClusterNode node : List.copyOf(silent.values())) {
            messenger.request(
                    node.endpoint(),
                    Verb.METADATA_EPOCH,
                    encode(epoch),
                    timeoutNanos,
                    owner,
                    new Answer(node));
        }
    }

    private final class Answer implements ResponseHandler {
        private final ClusterNode node;

        Answer(ClusterNode node) {
            this.node = node;
        }

        @Override
        public void onResponse(Endpoint from, Message response) {
            silent.remove(node.hostId());
            count();
        }

        @Override
        public void onFailure(Endpoint from, RequestFailure failure) {
            LOG.debug("{} does not say its epoch: {}", from, failure);
            count();
        }
    }

    private void count() {
        if (--left == 0) {
            end.accept(List.copyOf(silent.values()));
        }
    }

    static ByteBuffer encode(long epoch) {
        return ByteBuffer.allocate(Long.BYTES).putLong(epoch).flip();
    }

    /// The epoch in a request; null if it is none.
    static @Nullable Long decode(ByteBuffer request) {
        return request.remaining() == Long.BYTES ? request.getLong() : null;
    }
}
