package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.messaging.Handshake.Greeting;
import io.helenus.engine.messaging.Handshake.Reply;
import io.helenus.engine.messaging.Handshake.Status;
import io.helenus.gossip.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake, byte by byte.
final class HandshakeTest {
    private static final Greeting GREETING =
            new Greeting(
                    Lane.LARGE,
                    true,
                    "ü",
                    Endpoint.of("10.0.0.1", 7000),
                    Endpoint.of("2001:db8::1", 7001));

    private static ByteBuffer body(ByteBuffer part) {
        return Objects.requireNonNull(Handshake.take(Unpooled.wrappedBuffer(part)));
    }

    @Test
    void theLayoutIsWhatThePackageSays() {
        ByteBuffer bytes = Handshake.encode(GREETING);
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        String crc =
                "%08x".formatted(Frame.crc(ByteBuffer.wrap(all, 0, all.length - Integer.BYTES)));
        assertThat(HexFormat.of().formatHex(all))
                .isEqualTo(
                        "0026" // what follows
                                + "01" // oldest
                                + "01" // newest
                                + "02" // large
                                + "01" // compressed
                                + "0002c3bc" // cluster
                                + "040a0000011b58" // from
                                + "1020010db80000000000000000000000011b59" // to
                                + crc);
        assertThat(Handshake.greeting(body(bytes))).isEqualTo(GREETING);
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void repliesAreRead(Status status) {
        Reply reply = new Reply(status, 1, true, "reason");
        assertThat(Handshake.reply(body(Handshake.encode(reply)))).isEqualTo(reply);
    }

    @Test
    void partsAreWaitedFor() {
        ByteBuffer bytes = Handshake.encode(GREETING);
        ByteBuf in = Unpooled.buffer();
        while (bytes.remaining() > 1) {
            in.writeByte(bytes.get());
            assertThat(Handshake.take(in)).isNull();
        }
        in.writeByte(bytes.get());
        assertThat(Handshake.take(in)).isNotNull();
    }

    @Test
    void aChangedByteIsFound() {
        byte[] good = Handshake.encode(GREETING).array().clone();
        int length = Handshake.encode(GREETING).remaining();
        for (int at = Short.BYTES; at < length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            assertThatThrownBy(() -> Handshake.take(Unpooled.wrappedBuffer(bad, 0, length)))
                    .as("byte %d", at)
                    .isInstanceOf(MessagingFormatException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0005", "0401", "ffff"})
    void aLengthThatCannotBeIsFound(String hex) {
        assertThatThrownBy(
                        () -> Handshake.take(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MessagingFormatException.class)
                .hasMessageContaining("a handshake of");
    }

    /// With right checksums.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0101",
                "01010000",
                "010103000000", // no such lane
                "010100000001", // a name without its bytes
                "010100000000041b58", // an address without all of its bytes
                "010100000000050a000001011b58040a0000011b58", // an address of five bytes
                "010100000000040a0000011b58040a0000011b5800" // more than there is to say
            })
    void aGreetingThatMakesNoSenseIsRefused(String hex) {
        ByteBuffer body = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        assertThat(Handshake.versionMismatch(body)).isNull();
        assertThatThrownBy(() -> Handshake.greeting(body))
                .isInstanceOf(MessagingFormatException.class);
    }

    @Test
    void otherVersionsAreNamed() {
        assertThat(Handshake.versionMismatch(ByteBuffer.wrap(new byte[] {2, 3})))
                .isEqualTo("it speaks versions 2 to 3 of messages, this node 1 to 1");
        assertThat(Handshake.versionMismatch(ByteBuffer.wrap(new byte[] {0, 0}))).isNotNull();
        assertThat(Handshake.versionMismatch(ByteBuffer.wrap(new byte[] {0, 9}))).isNull();
    }
}
