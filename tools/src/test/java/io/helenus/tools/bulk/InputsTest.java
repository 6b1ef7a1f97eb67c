package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is not whole is an error: rows would be missing without a word.
class InputsTest {
    private static final String FIRST = "1,one\n2,two\n";
    private static final String SECOND = "3,three\n";

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /// @param atATime bytes that come at once
    private static String read(byte[] bytes, int atATime) throws IOException {
        InputStream in =
                new ByteArrayInputStream(bytes) {
                    @Override
                    public int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, atATime));
                    }

                    @Override
                    public int available() {
                        return 0; // as a pipe
                    }
                };
        try (Reader reader = new Inputs(StandardCharsets.UTF_8).open(Inputs.STANDARD, in)) {
            return reader.readAllAsString();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void everyCutOfTwoGzipMembersIsAnErrorUnlessItIsBetweenThem(int atATime) throws IOException {
        byte[] first = gzip(FIRST);
        byte[] all = joined(first, gzip(SECOND));
        assertThat(read(all, atATime)).isEqualTo(FIRST + SECOND);
        for (int cut = 2; cut < all.length; cut++) { // that it is gzip shows at its first two
            byte[] bytes = Arrays.copyOf(all, cut);
            if (cut == first.length) {
                assertThat(read(bytes, atATime)).isEqualTo(FIRST);
                continue;
            }
            assertThatThrownBy(() -> read(bytes, atATime))
                    .as("cut at byte %d", cut)
                    .isInstanceOf(UnreadableException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void plainTextAfterGzipIsNotPassedOver(int atATime) {
        byte[] first = gzip(FIRST);
        byte[] all = joined(first, SECOND.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(all, atATime))
                .hasMessage(
                        "its gzip data ends at byte %d, and what follows is none"
                                .formatted(first.length));
    }

    @Test
    void textAfterAnArrayOfJsonIsNotPassedOver() throws IOException {
        Rows good = new JsonRows("f", new StringReader("[{\"a\": 1}] \n\n"), (char) 0, 1000);
        assertThat(good.next()).isNotNull();
        assertThat(good.next()).isNull();
        Rows bad = new JsonRows("f", new StringReader("[{\"a\": 1}]\n{\"a\": 2}"), (char) 0, 1000);
        assertThat(bad.next()).isNotNull();
        assertThatThrownBy(bad::next).hasMessage("f:2: the array has ended, and here is '{'");
    }
}
