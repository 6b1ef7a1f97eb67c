package io.helenus.engine.cluster.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Messages and records to bytes and back; and that whatever else comes is refused, never worse.
final class AgreementCodecPropertyTest {
    private static Arbitrary<UUID> uuids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    private static Arbitrary<Ballot> ballots() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1L << 62), uuids(), Arbitraries.longs())
                .as(Ballot::new);
    }

    private static Arbitrary<LogEntry> entries() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 1L << 62),
                        uuids(),
                        uuids(),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(50))
                .as((epoch, id, proposer, bytes) ->
                        new LogEntry(epoch, id, proposer, ByteBuffer.wrap(bytes)));
    }

    private static Arbitrary<Vote> votes() {
        return Combinators.combine(ballots(), entries()).as(Vote::new);
    }

    @Provide
    static Arbitrary<AgreementMessage> messages() {
        Arbitrary<Long> epochs = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<AgreementMessage.Body> bodies =
                Arbitraries.oneOf(
                        Combinators.combine(epochs, ballots()).as(AgreementMessage.Prepare::new),
                        Combinators.combine(epochs, ballots(), votes().injectNull(0.3))
                                .as(AgreementMessage.Promise::new),
                        Combinators.combine(ballots(), entries()).as(AgreementMessage.Accept::new),
                        Combinators.combine(epochs, ballots()).as(AgreementMessage.Accepted::new),
                        Combinators.combine(epochs, ballots(), ballots())
                                .as(AgreementMessage.Rejected::new),
                        entries().map(AgreementMessage.Decided::new),
                        epochs.map(AgreementMessage.Pull::new),
                        Combinators.combine(entries(), Arbitraries.integers().between(0, 5))
                                .as(AgreementCodecPropertyTest::run),
                        Arbitraries.bytes()
                                .array(byte[].class)
                                .ofMaxSize(50)
                                .map(bytes ->
                                        new AgreementMessage.Snapshot(ByteBuffer.wrap(bytes))));
        return Combinators.combine(
                        uuids().filter(id -> !id.equals(new UUID(0, 0))).injectNull(0.1),
                        uuids(),
                        epochs,
                        bodies)
                .as(AgreementMessage::new);
    }

    private static AgreementMessage.Body run(LogEntry first, int count) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(
                    new LogEntry(
                            first.epoch() + i,
                            first.proposalId(),
                            first.proposer(),
                            first.transformation()));
        }
        return new AgreementMessage.Entries(entries);
    }

    @Property(tries = 1000)
    void messagesComeBack(@ForAll("messages") AgreementMessage message) {
        byte[] bytes = AgreementCodec.encode(message);
        assertThat(AgreementCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(message);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(ClusterFormatException.class)
                    .isThrownBy(() -> AgreementCodec.decode(ByteBuffer.wrap(cut)));
        }
    }

    @Property(tries = 2000)
    void aDamagedMessageIsRefusedOrIsAnother(
            @ForAll("messages") AgreementMessage message, @ForAll int at, @ForAll byte value) {
        byte[] bytes = AgreementCodec.encode(message);
        bytes[Math.floorMod(at, bytes.length)] = value;
        decodeOrRefuse(bytes);
    }

    @Property(tries = 1000)
    void noiseIsRefused(@ForAll byte[] noise, @ForAll byte kind) {
        decodeOrRefuse(noise);
        byte[] bytes = Arrays.copyOf(new byte[] {AgreementCodec.VERSION, kind}, noise.length + 2);
        System.arraycopy(noise, 0, bytes, 2, noise.length);
        decodeOrRefuse(bytes);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            AgreementMessage decoded = AgreementCodec.decode(ByteBuffer.wrap(bytes));
            assertThat(AgreementCodec.encode(decoded)).isEqualTo(bytes);
        } catch (ClusterFormatException e) {
            assertThat(e).hasMessageStartingWith("Not cluster metadata: at byte ");
        }
    }

    @Provide
    static Arbitrary<AgreementRecord> records() {
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.longs(), ballots())
                        .as(AgreementRecord.Promised::new),
                votes().map(AgreementRecord.Accepted::new),
                entries().map(AgreementRecord.Decided::new),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(50)
                        .map(bytes -> new AgreementRecord.Snapshot(ByteBuffer.wrap(bytes))));
    }

    @Property(tries = 500)
    void recordsComeBack(
            @ForAll("records") AgreementRecord record, @ForAll int at, @ForAll byte value) {
        byte[] bytes = record.toBytes();
        assertThat(AgreementRecord.of(ByteBuffer.wrap(bytes))).isEqualTo(record);
        bytes[Math.floorMod(at, bytes.length)] = value;
        try {
            assertThat(AgreementRecord.of(ByteBuffer.wrap(bytes)).toBytes()).isEqualTo(bytes);
        } catch (ClusterFormatException e) {
            assertThat(e).hasMessageStartingWith("Not cluster metadata: at byte ");
        }
    }

    /// What other releases will send for ever.
    @Example
    void bytesOfAPromise() {
        AgreementMessage message =
                new AgreementMessage(
                        new UUID(1, 2),
                        new UUID(3, 4),
                        5,
                        new AgreementMessage.Promise(
                                6,
                                new Ballot(7, new UUID(8, 9), 10),
                                new Vote(
                                        new Ballot(0, new UUID(11, 12), 13),
                                        new LogEntry(
                                                6,
                                                new UUID(14, 15),
                                                new UUID(16, 17),
                                                ByteBuffer.wrap(new byte[] {1, 7})))));
        String hex =
                "0102" // version, kind
                        + "00000000000000010000000000000002" // cluster id
                        + "00000000000000030000000000000004" // sender
                        + "0000000000000005" // its epoch
                        + "0000000000000006" // epoch to decide
                        + "0000000000000007" // round
                        + "00000000000000080000000000000009" // host id
                        + "000000000000000a" // life
                        + "01" // has accepted
                        + "0000000000000000"
                        + "000000000000000b000000000000000c"
                        + "000000000000000d"
                        + "0000000000000006" // the entry's epoch
                        + "000000000000000e000000000000000f" // proposal
                        + "00000000000000100000000000000011" // proposer
                        + "000000020107"; // transformation
        assertThat(AgreementCodec.encode(message)).isEqualTo(HexFormat.of().parseHex(hex));
    }
}
