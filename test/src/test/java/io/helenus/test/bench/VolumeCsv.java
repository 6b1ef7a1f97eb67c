package io.helenus.test.bench;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Writes the rows of a volume check as CSV, in no order, for `bulk-twenty-million.sh`:
///
///     VolumeCsv ROWS FILE
///
/// Prints the checksum that their table must have.
final class VolumeCsv {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long STRIDE = 1_000_000_007; // a prime: every key comes once

    private VolumeCsv() {}

    public static void main(String[] arguments) throws IOException {
        long rows = Long.parseLong(arguments[0]);
        if (rows % STRIDE == 0) {
            throw new IllegalArgumentException("Not with this number of rows: " + rows);
        }
        long checksum = 0;
        try (OutputStream out =
                new BufferedOutputStream(
                        new FileOutputStream(Path.of(arguments[1]).toFile()), BUFFER_BYTES)) {
            out.write("id,v\n".getBytes(StandardCharsets.US_ASCII));
            byte[] hex = new byte[2 * VolumeValues.VALUE_BYTES];
            long key = 0;
            for (long row = 0; row < rows; row++) {
                key = (key + STRIDE) % rows;
                ByteBuffer value = VolumeValues.value(key);
                checksum += VolumeValues.checksum(key, value);
                for (int i = 0; i < VolumeValues.VALUE_BYTES; i++) {
                    byte each = value.get(i);
                    hex[2 * i] = HEX[each >> 4 & 0xf];
                    hex[2 * i + 1] = HEX[each & 0xf];
                }
                out.write((key + ",0x").getBytes(StandardCharsets.US_ASCII));
                out.write(hex);
                out.write('\n');
            }
        }
        System.out.println(Long.toHexString(checksum));
    }
}
