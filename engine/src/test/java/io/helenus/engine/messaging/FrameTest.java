package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.messaging.Message.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Frames, byte by byte.
final class FrameTest {
    private static final int LIMIT = 1 << 20;
    private static final long NOW = 1_000_000_000L;

    private static byte[] encode(Message message, boolean compressible) {
        ByteBuf frame = Frame.encode(UnpooledByteBufAllocator.DEFAULT, message, compressible, NOW);
        try {
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    private static Message message(Kind kind, byte[] payload) {
        long deadline = NOW + TimeUnit.SECONDS.toNanos(2);
        return new Message(
                Verb.GOSSIP, kind, kind == Kind.ONE_WAY ? 0 : 42, 3, deadline, wrap(payload));
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void theLayoutIsWhatThePackageSays() {
        assertThat(HexFormat.of().formatHex(encode(message(Kind.REQUEST, new byte[] {1, 2}), true)))
                .isEqualTo(
                        "00000002" // length
                                + "00000002" // before compression
                                + "0001" // gossip
                                + "02" // request
                                + "00" // not compressed
                                + "000000000000002a" // id
                                + "0000000000000003" // epoch
                                + "000000003b9aca00" // sent
                                + "000007d0" // 2 s to live
                                + headerCrc(message(Kind.REQUEST, new byte[] {1, 2}))
                                + "0102"
                                + "%08x".formatted(Frame.crc(wrap(new byte[] {1, 2}))));
    }

    private static String headerCrc(Message message) {
        byte[] frame = encode(message, false);
        return "%08x".formatted(Frame.crc(ByteBuffer.wrap(frame, 0, Frame.HEADER_CRC_AT)));
    }

    @Property(tries = 300)
    void whatIsWrittenIsRead(
            @ForAll @IntRange(min = 0, max = 3) int kind,
            @ForAll @Size(max = 200) byte[] random,
            @ForAll @IntRange(min = 0, max = 100) int repeated,
            @ForAll boolean compressible) {
        byte[] payload = new byte[random.length * (repeated + 1)];
        for (int i = 0; i <= repeated; i++) {
            System.arraycopy(random, 0, payload, i * random.length, random.length);
        }
        Message message = message(Kind.values()[kind], payload);
        ByteBuf in = Unpooled.wrappedBuffer(encode(message, compressible));
        Frame.Header header = Frame.header(in, LIMIT);
        assertThat(header.kind()).isEqualTo(message.kind());
        assertThat(header.verb()).isEqualTo(message.verb().number());
        assertThat(header.id()).isEqualTo(message.id());
        assertThat(header.epoch()).isEqualTo(3);
        assertThat(header.sentNanos()).isEqualTo(NOW);
        assertThat(header.lifeNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(in.readableBytes()).isEqualTo(Frame.BYTES + header.length());
        ByteBuffer read = Frame.payload(in, header);
        assertThat(read).isEqualTo(wrap(payload));
        assertThat(in.isReadable()).isFalse();
    }

    /// Every single wrong bit is noticed, in the header as such, in the payload by its checksum.
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aChangedBitIsFound(boolean compressible) {
        byte[] payload = new byte[300];
        byte[] good = encode(message(Kind.REQUEST, payload), compressible);
        Random random = new Random(1);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> read(bad))
                    .as("byte %d", at)
                    .isInstanceOf(MessagingFormatException.class);
        }
    }

    private static void read(byte[] frame) {
        ByteBuf in = Unpooled.wrappedBuffer(frame);
        ByteBuffer read = Frame.payload(in, Frame.header(in, LIMIT));
        assertThat(read).isNotNull();
    }

    /// Headers with a right checksum that lie.
    @ParameterizedTest
    @CsvSource({
        "0, 4, ffffffff, a message of 4294967295 bytes",
        "0, 4, 00100001, the limit is 1048576",
        "4, 4, 7fffffff, the limit is 1048576",
        "4, 4, 00000003, a payload of 2 bytes cannot be of 3",
        "10, 1, 00, kind 0 with id 42",
        "10, 1, 01, kind 1 with id 42",
        "10, 1, 05, kind 5 with id 42",
        "11, 1, 02, unknown flags 0x02",
        "11, 1, 01, a payload of 2 bytes cannot be of 2",
        "12, 8, 0000000000000000, kind 2 with id 0"
    })
    void aHeaderThatLiesIsRefused(int at, int length, String hex, String message) {
        byte[] frame = encode(message(Kind.REQUEST, new byte[] {1, 2}), false);
        byte[] changed = HexFormat.of().parseHex(hex);
        assertThat(changed).hasSize(length);
        System.arraycopy(changed, 0, frame, at, length);
        ByteBuffer.wrap(frame)
                .putInt(
                        Frame.HEADER_CRC_AT,
                        Frame.crc(ByteBuffer.wrap(frame, 0, Frame.HEADER_CRC_AT)));
        assertThatThrownBy(() -> read(frame))
                .isInstanceOf(MessagingFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aBlockThatIsShorterThanItsHeaderSaysIsRefused() {
        byte[] compressed =
                ByteBufUtil.getBytes(
                        Unpooled.wrappedBuffer(PayloadCompression.compress(wrap(new byte[1000]))));
        assertThatThrownBy(() -> PayloadCompression.decompress(compressed, 1001))
                .isInstanceOf(MessagingFormatException.class)
                .hasMessageContaining("has 1000 bytes, its header says 1001");
        assertThatThrownBy(() -> PayloadCompression.decompress(compressed, 999))
                .isInstanceOf(MessagingFormatException.class);
        Arrays.fill(compressed, (byte) 0xff);
        assertThatThrownBy(() -> PayloadCompression.decompress(compressed, 1000))
                .isInstanceOf(MessagingFormatException.class);
    }

    @Test
    void anUnknownVerbIsReadAsSuch() {
        assertThat(Verb.of(Verb.NUMBER_MAX)).isEqualTo(Verb.UNKNOWN);
        assertThat(Verb.of(-1)).isEqualTo(Verb.UNKNOWN);
        for (Verb verb : Verb.values()) {
            assertThat(Verb.of(verb.number())).isEqualTo(verb);
        }
    }
}
