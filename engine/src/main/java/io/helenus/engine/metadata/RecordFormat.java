package io.helenus.engine.metadata;

import io.helenus.engine.error.NewerVersionException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Header and records of one metadata file, as the package draws them. Looks at bytes in memory,
/// does no I/O.
final class RecordFormat {
    static final int HEADER_BYTES = 20;
    static final int RECORD_HEADER_BYTES = 12;
    static final int SEAL_BYTES = 4;
    static final int BODY_BYTES_MAX = 256 << 20;

    private static final int VERSION_AT = 4;
    private static final int FILE_ID_AT = 8;
    private static final int HEADER_CRC_AT = 16;
    private static final int RECORD_HEADER_CRC_AT = 4;
    private static final int BODY_CRC_AT = 8;

    private final int magic;
    private final int version;
    private final long fileId;

    RecordFormat(int magic, int version, long fileId) {
        this.magic = magic;
        this.version = version;
        this.fileId = fileId;
    }

    /// Reads a file's header.
    ///
    /// @param newest version that this release reads; it reads all before
    /// @throws CorruptMetadataException if it is none
    /// @throws NewerVersionException if a later release wrote it
    static RecordFormat of(int magic, int newest, byte[] file, String name) {
        if (file.length < HEADER_BYTES) {
            throw new CorruptMetadataException(
                    name, 0, "%d bytes, a header has %d".formatted(file.length, HEADER_BYTES));
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        if (in.getInt(0) != magic) {
            throw new CorruptMetadataException(
                    name, 0, "magic is 0x%08x, expected 0x%08x".formatted(in.getInt(0), magic));
        }
        CRC32C crc = new CRC32C();
        crc.update(file, 0, HEADER_CRC_AT);
        if (in.getInt(HEADER_CRC_AT) != (int) crc.getValue()) {
            throw new CorruptMetadataException(
                    name,
                    HEADER_CRC_AT,
                    "header checksum is 0x%08x, expected 0x%08x"
                            .formatted(in.getInt(HEADER_CRC_AT), (int) crc.getValue()));
        }
        int version = in.getInt(VERSION_AT);
        if (NewerVersionException.isNewer(version, newest)) {
            throw new NewerVersionException(name, version, newest);
        }
        if (version < 1 || version > newest) {
            throw new CorruptMetadataException(name, VERSION_AT, "version is " + version);
        }
        return new RecordFormat(magic, version, in.getLong(FILE_ID_AT));
    }

    /// That of the file, or of one that is to be written.
    int version() {
        return version;
    }

    ByteBuffer header() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
        out.putInt(magic).putInt(version).putLong(fileId);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, HEADER_CRC_AT);
        return out.putInt((int) crc.getValue()).flip();
    }

    /// A record without its seal.
    ByteBuffer record(long at, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(RECORD_HEADER_BYTES + body.length);
        out.putInt(body.length)
                .putInt(headerCrc(at, body.length))
                .putInt(bodyCrc(body, 0, body.length));
        return out.put(body).flip();
    }

    ByteBuffer seal(long at, long end) {
        return ByteBuffer.allocate(SEAL_BYTES).putInt(sealCrc(at, end)).flip();
    }

    /// The body of the record there, or null if there is no whole one.
    byte @Nullable [] body(byte[] file, int at) {
        int length = length(file, at);
        if (length < 0 || length > file.length - at - RECORD_HEADER_BYTES) {
            return null;
        }
        int bodyAt = at + RECORD_HEADER_BYTES;
        int stored = ByteBuffer.wrap(file).getInt(at + BODY_CRC_AT);
        if (stored != bodyCrc(file, bodyAt, length)) {
            return null;
        }
        byte[] body = new byte[length];
        System.arraycopy(file, bodyAt, body, 0, length);
        return body;
    }

    /// The length that the record there says, or -1 if no record begins there.
    private int length(byte[] file, int at) {
        if (file.length - at < RECORD_HEADER_BYTES) {
            return -1;
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        int length = in.getInt(at);
        boolean valid =
                length > 0
                        && length <= BODY_BYTES_MAX
                        && in.getInt(at + RECORD_HEADER_CRC_AT) == headerCrc(at, length);
        return valid ? length : -1;
    }

    /// Whether the record from `at` to `end` has its seal.
    boolean isSealed(byte[] file, int at, int end) {
        return file.length - end >= SEAL_BYTES
                && ByteBuffer.wrap(file).getInt(end) == sealCrc(at, end);
    }

    /// Whether what begins at `at`, whole or not, was sealed: or anything valid comes after.
    boolean isFollowed(byte[] file, int at) {
        for (int end = at + RECORD_HEADER_BYTES + 1; end <= file.length - SEAL_BYTES; end++) {
            if (isSealed(file, at, end)) {
                return true;
            }
        }
        for (int next = at + 1; next <= file.length - RECORD_HEADER_BYTES; next++) {
            if (length(file, next) > 0 && body(file, next) != null) {
                return true;
            }
        }
        return false;
    }

    private CRC32C salted(long at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(fileId).putLong(at).flip());
        return crc;
    }

    private int headerCrc(long at, int length) {
        CRC32C crc = salted(at);
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        return (int) crc.getValue();
    }

    private int bodyCrc(byte[] from, int offset, int length) {
        CRC32C crc = salted(length);
        crc.update(from, offset, length);
        return (int) crc.getValue();
    }

    private int sealCrc(long at, long end) {
        CRC32C crc = salted(at);
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(end).flip());
        return (int) crc.getValue();
    }
}
