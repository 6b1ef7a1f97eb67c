package io.helenus.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens files of statements: UTF-8, or UTF-16 if they begin with its byte order mark.
final class TextFiles {
    private static final int MARK_BYTES_MAX = 3;

    private TextFiles() {}

    static BufferedReader open(Path file) throws IOException {
        return open(Files.newInputStream(file));
    }

    static BufferedReader open(InputStream stream) throws IOException {
        PushbackInputStream in = new PushbackInputStream(stream, MARK_BYTES_MAX);
        byte[] mark = in.readNBytes(MARK_BYTES_MAX);
        Charset charset = StandardCharsets.UTF_8;
        int markBytes = 0;
        if (startsWith(mark, 0xef, 0xbb, 0xbf)) {
            markBytes = 3;
        } else if (startsWith(mark, 0xff, 0xfe)) {
            charset = StandardCharsets.UTF_16LE;
            markBytes = 2;
        } else if (startsWith(mark, 0xfe, 0xff)) {
            charset = StandardCharsets.UTF_16BE;
            markBytes = 2;
        }
        in.unread(mark, markBytes, mark.length - markBytes);
        return new BufferedReader(new InputStreamReader(in, charset));
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
