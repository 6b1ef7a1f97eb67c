package io.helenus.tools.bulk;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/// Opens files of text, and counts the bytes that are read of them.
final class Inputs {
    /// The name that means standard input.
    static final String STANDARD = "-";

    private static final int BUFFER_BYTES = 1 << 18;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int ZSTD_MAGIC = 0x28b5;

    private final Charset charset;
    private final AtomicLong bytesRead = new AtomicLong();

    Inputs(Charset charset) {
        this.charset = charset;
    }

    /// Of files as they are, compressed or not.
    long bytesRead() {
        return bytesRead.get();
    }

    /// Text that is not of the charset is an error, not a question mark. What is compressed shows at its
    /// first bytes.
    ///
    /// @return a reader that throws [UnreadableException]
    Reader open(String name, InputStream standardInput) throws IOException {
        InputStream raw =
                name.equals(STANDARD) ? standardInput : Files.newInputStream(Path.of(name));
        boolean opened = false;
        try {
            Reader reader =
                    new InputStreamReader(
                            plain(raw),
                            charset.newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT));
            opened = true;
            return new Explained(reader, charset);
        } catch (IOException e) {
            throw unreadable(e, charset);
        } finally {
            if (!opened) {
                raw.close();
            }
        }
    }

    private InputStream plain(InputStream raw) throws IOException {
        InputStream in = new BufferedInputStream(new Counted(raw, bytesRead), BUFFER_BYTES);
        in.mark(2);
        int magic = in.read() << Byte.SIZE | in.read();
        in.reset();
        return switch (magic) {
            case GZIP_MAGIC -> new WholeGzip(new Ahead(in));
            case ZSTD_MAGIC ->
                    new BufferedInputStream(
                            new ZstdInputStream(in).setContinuous(false), BUFFER_BYTES);
            default -> in;
        };
    }

    private static UnreadableException unreadable(IOException e, Charset charset) {
        String problem =
                switch (e) {
                    case CharacterCodingException _ ->
                            "what comes there is not text in %s; --charset says what it is in"
                                    .formatted(charset);
                    case EOFException _ -> "it ends in the middle of compressed data";
                    default -> e.getMessage() == null ? e.toString() : e.getMessage();
                };
        return new UnreadableException(problem, e);
    }

    private static final class Explained extends FilterReader {
        private final Charset charset;

        Explained(Reader in, Charset charset) {
            super(in);
            this.charset = charset;
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw unreadable(e, charset);
            }
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (IOException e) {
                throw unreadable(e, charset);
            }
        }
    }

    /// Looks for the end where it is asked what is available: gzip's members follow one another, and at
    /// the end of each the JDK takes nothing available for the end of all, which a pipe often has.
    private static final class Ahead extends FilterInputStream {
        private long count;

        Ahead(InputStream in) {
            super(in);
        }

        /// Bytes read so far.
        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0 ? 0 : 1;
        }
    }

    /// The JDK passes over what follows a member and is none, as gzip does with a warning: here it could be
    /// rows, or a member that was cut off at its beginning.
    private static final class WholeGzip extends GZIPInputStream {
        private static final int TRAILER_BYTES = 8;

        private final Ahead source;
        private long filledTo; // bytes of the source, when the buffer was filled last
        private boolean ended;

        WholeGzip(Ahead source) throws IOException {
            super(source, BUFFER_BYTES);
            this.source = source;
        }

        @Override
        protected void fill() throws IOException {
            super.fill();
            filledTo = source.count();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read < 0 && !ended) {
                ended = true;
                long end = filledTo - inf.getRemaining() + TRAILER_BYTES;
                if (source.count() > end) {
                    throw new IOException(
                            "its gzip data ends at byte %d, and what follows is none"
                                    .formatted(end));
                }
            }
            return read;
        }
    }

    private static final class Counted extends FilterInputStream {
        private final AtomicLong count;

        Counted(InputStream in, AtomicLong count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                count.incrementAndGet();
            }
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            if (read > 0) {
                count.addAndGet(read);
            }
            return read;
        }
    }
}
