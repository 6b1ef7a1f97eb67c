package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterFixture;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.MessageTransport;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.NioMetadataFiles;
import io.helenus.engine.metadata.NodeIdentity;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Nodes with their services in one thread, over a network that only loses what it is told to.
final class ServiceCluster implements AutoCloseable {
    static final long SECOND = 1_000_000_000;

    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final Map<Endpoint, Member> members = new TreeMap<>();
    final TreeSet<Endpoint> cutOff = new TreeSet<>();
    private final Path directory;
    private final AgreementSettings settings;
    private long nanos = 1;
    private long order;

    ServiceCluster(Path directory) {
        this(directory, AgreementSettings.DEFAULT);
    }

    ServiceCluster(Path directory, AgreementSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /// Nodes that keep no entry for others: who misses one gets the whole state.
    static AgreementSettings snapshotsOnly() {
        AgreementSettings usual = AgreementSettings.DEFAULT;
        return new AgreementSettings(
                usual.proposalTimeoutNanos(),
                usual.retryNanos(),
                usual.backoffNanosMin(),
                usual.backoffNanosMax(),
                usual.pullTimeoutNanos(),
                usual.pullIntervalNanos(),
                0,
                usual.entriesPerMessage(),
                usual.entryBytesPerMessage(),
                usual.entriesPerSnapshot(),
                usual.proposalsMax());
    }

    /// A disk that can be full.
    static final class Disk implements MetadataFiles {
        private final MetadataFiles files;
        boolean full;

        Disk(Path directory) throws IOException {
            files = new NioMetadataFiles(directory);
        }

        @Override
        public boolean exists(String name) {
            return files.exists(name);
        }

        @Override
        public byte[] read(String name) throws IOException {
            return files.read(name);
        }

        @Override
        public MetadataFile open(String name) throws IOException {
            MetadataFile file = files.open(name);
            return new MetadataFile() {
                @Override
                public void write(ByteBuffer bytes, long at) throws IOException {
                    if (full) {
                        throw new IOException("No space left on device");
                    }
                    file.write(bytes, at);
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void force() throws IOException {
                    file.force();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public void rename(String from, String to) throws IOException {
            files.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            files.delete(name);
        }

        @Override
        public void forceDirectory() throws IOException {
            files.forceDirectory();
        }

        @Override
        public String describe(String name) {
            return files.describe(name);
        }
    }

    /// One node.
    final class Member implements MessageTransport {
        final Endpoint endpoint;
        final Disk disk;
        final MetadataLog log;
        final MetadataService service;
        final Messenger messenger;
        private @Nullable Receiver receiver;

        Member(int number) throws IOException {
            endpoint = ClusterFixture.endpoint(number);
            disk = new Disk(directory.resolve(String.valueOf(number)));
            log = MetadataLog.open(disk, new Random(number));
            var _ = new MetadataHistory(log, List.of());
            service =
                    new MetadataService(
                            log,
                            new NodeIdentity(ClusterFixture.host(number), "Test", List.of()),
                            endpoint,
                            List.of(),
                            settings,
                            new MetadataEnvironment(
                                    task -> after(0, task),
                                    task -> after(0, task),
                                    ServiceCluster.this::after,
                                    () -> nanos,
                                    new Random(number)));
            messenger =
                    new Messenger(
                            this,
                            () -> nanos,
                            ServiceCluster.this::after,
                            service::epoch,
                            new Random(number));
            service.connect(messenger, _ -> true);
            messenger.start();
        }

        @Override
        public Endpoint self() {
            return endpoint;
        }

        @Override
        public void start(Receiver taker) {
            receiver = taker;
        }

        @Override
        public void send(Endpoint to, Message message) {
            after(
                    1_000,
                    () -> {
                        Member other = members.get(to);
                        Receiver taker = other == null ? null : other.receiver;
                        if (taker != null && !cutOff.contains(to) && !cutOff.contains(endpoint)) {
                            taker.onMessage(endpoint, message, () -> {});
                        }
                    });
        }
    }

    Member add(int number) throws IOException {
        Member member = new Member(number);
        members.put(member.endpoint, member);
        return member;
    }

    /// A cluster of one.
    Member create() throws IOException {
        Member one = add(1);
        var _ = await(one.service.create(ClusterFixture.first(), SECOND));
        return one;
    }

    /// One that joins it, to the end.
    Member join(int number) throws IOException {
        Member member = add(number);
        var _ = await(member.service.join(List.of(ClusterFixture.endpoint(1)), SECOND));
        ClusterState joined = ClusterFixture.members(number);
        var _ =
                await(
                        member.service.propose(_ ->
                                new ClusterTransformation.Register(ClusterFixture.node(number))));
        var _ = await(member.service.propose(ClusterPlans.finishJoin(ClusterFixture.host(number))));
        var _ = await(member.service.propose(ClusterPlans.fillMembers()));
        run(SECOND);
        if (!member.service.state().members().equals(joined.members())) {
            throw new AssertionError("not joined: " + member.service.state());
        }
        return member;
    }

    private void after(long delayNanos, Runnable action) {
        events.add(new Event(nanos + Math.max(0, delayNanos), order++, action));
    }

    /// Lets what is due within this time happen.
    void run(long forNanos) {
        long end = nanos + forNanos;
        Event next = events.peek();
        while (next != null && next.atNanos <= end) {
            events.remove();
            nanos = next.atNanos;
            next.action.run();
            next = events.peek();
        }
        nanos = end;
    }

    /// Lets time pass until it is complete.
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int i = 0; i < 60 * 1000 && !future.isDone(); i++) {
            run(SECOND / 1000);
        }
        return future.getNow(null);
    }

    @Override
    public void close() throws IOException {
        for (Member member : members.values()) {
            member.log.close();
        }
    }
}
