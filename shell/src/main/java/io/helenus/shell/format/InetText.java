package io.helenus.shell.format;

import java.nio.ByteBuffer;
import java.util.Locale;

/// IP addresses as text, IPv6 with its longest run of zero groups written `::`.
final class InetText {
    private static final int GROUPS = 8;

    private InetText() {}

    static String of(ByteBuffer bytes) {
        return switch (bytes.remaining()) {
            case 4 -> v4(bytes, 0);
            case 16 -> v6(bytes);
            default -> BlobText.of(bytes);
        };
    }

    private static String v4(ByteBuffer bytes, int at) {
        int from = bytes.position() + at;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            text.append(i == 0 ? "" : ".").append(bytes.get(from + i) & 0xff);
        }
        return text.toString();
    }

    private static String v6(ByteBuffer bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = bytes.getShort(bytes.position() + 2 * i) & 0xffff;
        }
        int zerosFrom = -1;
        int zeros = 1; // a single zero group is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && groups[i + run] == 0) {
                run++;
            }
            if (run > zeros) {
                zeros = run;
                zerosFrom = i;
            }
        }
        if (zerosFrom == 0 && (zeros == 6 || (zeros == 5 && groups[5] == 0xffff))) {
            return (zeros == 6 ? "::" : "::ffff:") + v4(bytes, 12);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == zerosFrom) {
                text.append("::");
                i += zeros - 1;
                continue;
            }
            boolean afterGroup = i > 0 && text.charAt(text.length() - 1) != ':';
            text.append(afterGroup ? ":" : "")
                    .append(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }
}
