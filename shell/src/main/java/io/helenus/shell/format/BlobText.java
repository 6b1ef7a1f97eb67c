package io.helenus.shell.format;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Bytes as `0x` and hexadecimal digits.
final class BlobText {
    private BlobText() {}

    static String of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return "0x" + HexFormat.of().formatHex(copy);
    }
}
