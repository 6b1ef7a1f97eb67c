package io.helenus.gossip.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Replicas and pending replicas against what Cassandra's own classes answered; the files were made
/// by `PlacementRecorder.java` beside them.
final class RecordedPlacementTest {
    private static final List<String> FILES =
            List.of(
                    "one-rack",
                    "one-node",
                    "smallest-token",
                    "three-racks",
                    "uneven-racks",
                    "two-racks-rf3",
                    "more-racks-than-rf",
                    "two-dcs",
                    "three-dcs");

    private enum Match {
        SAME,
        /// Cassandra does not see that a replacement in another rack gives ranges to others than the
        /// new node, too.
        AT_LEAST
    }

    record Natural(String file, String strategy, Ring ring, List<String> answers) {
        @Override
        public String toString() {
            return file + ": " + strategy;
        }
    }

    record Pending(
            String file,
            String strategy,
            Ring ring,
            List<RingChange> changes,
            Match match,
            List<String> answers) {
        @Override
        public String toString() {
            return file + ": " + strategy + " while " + changes.size() + " changes " + match;
        }
    }

    /// One recorded file, read.
    private static final class Recording {
        final List<Natural> naturals = new ArrayList<>();
        final List<Pending> pendings = new ArrayList<>();
        private final Map<String, Member> members = new TreeMap<>();
        private Ring ring = Ring.EMPTY;
        private List<RingChange> changes = new ArrayList<>();
        private Match match = Match.SAME;
        private List<String> answers = new ArrayList<>();

        Recording(String file) {
            for (String line : lines(file)) {
                String[] words = line.strip().split(" ");
                switch (words[0]) {
                    case "#" -> {}
                    case "node" -> ring = ring.with(member(words, 1), tokens(words, 4));
                    case "strategy" -> {
                        answers = new ArrayList<>();
                        naturals.add(new Natural(file, rest(words), ring, answers));
                    }
                    case "changes" -> {
                        changes = new ArrayList<>();
                        match = Match.SAME;
                    }
                    case "join" ->
                            changes.add(new RingChange.Join(member(words, 1), tokens(words, 4)));
                    case "leave" -> changes.add(new RingChange.Leave(hostId(words[1])));
                    case "replace" -> {
                        Member member = member(words, 2);
                        Member replaced = Objects.requireNonNull(members.get(words[1]));
                        changes.add(new RingChange.Replace(replaced.hostId(), member));
                        if (!member.location().equals(replaced.location())) {
                            match = Match.AT_LEAST;
                        }
                    }
                    case "move" ->
                            changes.add(new RingChange.Move(hostId(words[1]), tokens(words, 2)));
                    case "pending" -> {
                        answers = new ArrayList<>();
                        pendings.add(new Pending(file, rest(words), ring, changes, match, answers));
                    }
                    default -> answers.add(line.strip());
                }
            }
        }

        private static String rest(String[] words) {
            return words[1] + " " + words[2];
        }

        private Member member(String[] words, int at) {
            int number = Integer.parseInt(words[at].substring(1));
            Member member = Rings.member(number, words[at + 1], words[at + 2]);
            members.put(words[at], member);
            return member;
        }

        private java.util.UUID hostId(String name) {
            return Objects.requireNonNull(members.get(name)).hostId();
        }

        private static long[] tokens(String[] words, int from) {
            return IntStream.range(from, words.length)
                    .mapToLong(i -> Long.parseLong(words[i]))
                    .toArray();
        }
    }

    private static List<String> lines(String file) {
        try (InputStream in =
                RecordedPlacementTest.class.getResourceAsStream("/placement/" + file + ".txt")) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Natural> naturals() {
        return FILES.stream().flatMap(file -> new Recording(file).naturals.stream());
    }

    static Stream<Pending> pendings() {
        return FILES.stream().flatMap(file -> new Recording(file).pendings.stream());
    }

    private static ReplicationStrategy strategy(String text) {
        String[] words = text.split(" ");
        if (words[0].equals("simple")) {
            return new ReplicationStrategy.Simple(Integer.parseInt(words[1]));
        }
        TreeMap<String, Integer> factors = new TreeMap<>();
        for (String each : words[1].split(",")) {
            String[] sides = each.split("=");
            factors.put(sides[0], Integer.parseInt(sides[1]));
        }
        return ReplicationStrategy.NetworkTopology.of(factors);
    }

    private static String name(Member member) {
        return "n" + member.hostId().getLeastSignificantBits();
    }

    @ParameterizedTest
    @MethodSource("naturals")
    void replicasAndTheirOrderAreCassandras(Natural recorded) {
        Placement placement = Placement.of(recorded.ring, strategy(recorded.strategy));
        assertThat(recorded.answers).hasSize(recorded.ring.tokenCount());
        for (String answer : recorded.answers) {
            long token = Long.parseLong(answer.split(" ")[0]);
            String ours =
                    Stream.concat(
                                    Stream.of(token),
                                    placement.natural(token).members().stream()
                                            .map(RecordedPlacementTest::name))
                            .map(Object::toString)
                            .collect(Collectors.joining(" "));
            assertThat(ours).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @MethodSource("pendings")
    void pendingReplicasAreCassandras(Pending recorded) {
        Placement placement =
                Placement.of(recorded.ring, recorded.changes, strategy(recorded.strategy));
        Map<Long, TreeSet<String>> answers = new TreeMap<>();
        for (String answer : recorded.answers) {
            String[] words = answer.split(" ");
            answers.put(
                    Long.parseLong(words[0]),
                    new TreeSet<>(List.of(words).subList(1, words.length)));
        }
        for (int i = 0; i < placement.rangeCount(); i++) {
            long token = placement.range(i).right();
            TreeSet<String> ours = new TreeSet<>();
            placement.pending(token).forEach(member -> ours.add(name(member)));
            TreeSet<String> theirs = answers.getOrDefault(token, new TreeSet<>());
            switch (recorded.match) {
                case SAME -> assertThat(ours).as("pending at %d", token).isEqualTo(theirs);
                case AT_LEAST -> assertThat(ours).as("at %d", token).containsAll(theirs);
            }
        }
    }
}
