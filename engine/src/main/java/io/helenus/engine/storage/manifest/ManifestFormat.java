package io.helenus.engine.storage.manifest;

import io.helenus.engine.error.NewerVersionException;
import io.helenus.sstable.model.ByteWriter;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads and writes the bytes of a manifest (layout: see the package). Pure.
final class ManifestFormat {
    static final int HEADER_BYTES = 28;

    private static final int MAGIC = 0x484D_414E; // HMAN
    private static final int VERSION = 1;
    private static final int VERSION_AT = 4;
    private static final int TABLE_ID_AT = 8;
    private static final int HEADER_CRC_AT = 24;
    private static final int NUMBER_AT = 4;
    private static final int HEAD_CRC_AT = 8;
    private static final int HEAD_BYTES = 12;
    private static final int CRC_BYTES = 4;
    private static final int SECTOR_BYTES = 512;

    private final UUID tableId;

    ManifestFormat(UUID tableId) {
        this.tableId = tableId;
    }

    /// What reading a whole manifest found.
    ///
    /// @param edits how many are valid
    /// @param validBytes where they end: what follows is the torn last edit
    record Read(int edits, int validBytes) {}

    void writeHeader(ByteWriter out) {
        out.writeInt(MAGIC).writeInt(VERSION);
        out.writeLong(tableId.getMostSignificantBits());
        out.writeLong(tableId.getLeastSignificantBits());
        out.writeInt(crc(out.array(), out.length() - HEADER_CRC_AT, HEADER_CRC_AT));
    }

    void writeEdit(ByteWriter out, ManifestEdit edit, int number) {
        ByteWriter items = edit.items();
        if (items.length() == 0) {
            throw new IllegalArgumentException("An edit without items");
        }
        out.writeInt(items.length()).writeInt(number);
        out.writeInt(headCrc(items.length(), number));
        out.writeBytes(items.array(), 0, items.length());
        int covered = Integer.BYTES + items.length();
        out.writeInt(crc(out.array(), out.length() - covered, covered));
    }

    /// @throws ManifestException if it is damaged elsewhere than in a torn last edit
    /// @throws NewerVersionException if a later release wrote it
    Read read(Path file, byte[] bytes, ManifestState into) {
        readHeader(file, bytes);
        int at = HEADER_BYTES;
        int number = 0;
        while (at < bytes.length) {
            String wrong = wrongWith(bytes, at, number + 1);
            if (wrong != null) {
                if (isTorn(bytes, at, number + 1)) {
                    break;
                }
                throw new ManifestException(file, at, wrong);
            }
            int length = ByteWriter.getInt(bytes, at);
            try {
                into.apply(bytes, at + HEAD_BYTES, at + HEAD_BYTES + length);
            } catch (IllegalArgumentException | ArithmeticException e) {
                ManifestException damaged =
                        new ManifestException(file, at, String.valueOf(e.getMessage()));
                damaged.initCause(e);
                throw damaged;
            }
            number++;
            at += HEAD_BYTES + length + CRC_BYTES;
        }
        if (number == 0) {
            throw new ManifestException(file, at, "there is no edit");
        }
        return new Read(number, at);
    }

    private void readHeader(Path file, byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw new ManifestException(
                    file, 0, "the file has only %d bytes".formatted(bytes.length));
        }
        if (ByteWriter.getInt(bytes, 0) != MAGIC) {
            throw new ManifestException(file, 0, "this is no manifest");
        }
        if (ByteWriter.getInt(bytes, HEADER_CRC_AT) != crc(bytes, 0, HEADER_CRC_AT)) {
            throw new ManifestException(file, HEADER_CRC_AT, "the header's checksum is wrong");
        }
        int version = ByteWriter.getInt(bytes, VERSION_AT);
        if (NewerVersionException.isNewer(version, VERSION)) {
            throw new NewerVersionException(file.toString(), version, VERSION);
        }
        if (version != VERSION) {
            throw new ManifestException(file, VERSION_AT, "version is " + version);
        }
        UUID found =
                new UUID(
                        ByteWriter.getLong(bytes, TABLE_ID_AT),
                        ByteWriter.getLong(bytes, TABLE_ID_AT + Long.BYTES));
        if (!found.equals(tableId)) {
            throw new ManifestException(
                    file, TABLE_ID_AT, "it is of table %s, not %s".formatted(found, tableId));
        }
    }

    /// What contradicts itself in the edit at `at`, or null.
    private @Nullable String wrongWith(byte[] bytes, int at, int number) {
        if (bytes.length - at < HEAD_BYTES) {
            return "the file ends within an edit's head";
        }
        int length = ByteWriter.getInt(bytes, at);
        int foundNumber = ByteWriter.getInt(bytes, at + NUMBER_AT);
        if (ByteWriter.getInt(bytes, at + HEAD_CRC_AT) != headCrc(length, foundNumber)) {
            return "the checksum of an edit's head is wrong";
        }
        if (foundNumber != number || length <= 0) {
            return "edit number is %d, expected %d; length is %d"
                    .formatted(foundNumber, number, length);
        }
        if (bytes.length - at - HEAD_BYTES - CRC_BYTES < length) {
            return "the file ends within an edit";
        }
        int crc = crc(bytes, at + HEAD_CRC_AT, Integer.BYTES + length);
        if (ByteWriter.getInt(bytes, at + HEAD_BYTES + length) != crc) {
            return "the checksum of an edit is wrong";
        }
        return null;
    }

    /// Whether the bad edit at `at` is what a crash leaves. If its head is good, its end is known: a
    /// torn edit is the last, and is cut or has a sector of zeros. If its head is not, then the head is
    /// cut, or a sector that the head touches is zeros from there to the file's end.
    private boolean isTorn(byte[] bytes, int at, int number) {
        int rest = bytes.length - at;
        if (rest < HEAD_BYTES) {
            return true;
        }
        int length = ByteWriter.getInt(bytes, at);
        boolean headIsGood =
                ByteWriter.getInt(bytes, at + HEAD_CRC_AT) == headCrc(length, number)
                        && ByteWriter.getInt(bytes, at + NUMBER_AT) == number
                        && length > 0;
        if (!headIsGood) {
            int headEnd = at + HEAD_BYTES;
            return hasZeroSector(bytes, at, headEnd, bytes.length);
        }
        if (rest - HEAD_BYTES - CRC_BYTES < length) {
            return true;
        }
        int end = at + HEAD_BYTES + length + CRC_BYTES;
        return end == bytes.length && hasZeroSector(bytes, at, end, end);
    }

    /// Whether one of the sectors that `[from, to)` touches is zeros where it lies in `[from, limit)`.
    private static boolean hasZeroSector(byte[] bytes, int from, int to, int limit) {
        int at = from;
        while (at < to) {
            int sectorEnd = Math.min((at / SECTOR_BYTES + 1) * SECTOR_BYTES, limit);
            boolean zeros = true;
            for (int i = at; i < sectorEnd; i++) {
                zeros &= bytes[i] == 0;
            }
            if (zeros) {
                return true;
            }
            at = sectorEnd;
        }
        return false;
    }

    private int headCrc(int length, int number) {
        ByteWriter head = new ByteWriter(24);
        head.writeLong(tableId.getMostSignificantBits());
        head.writeLong(tableId.getLeastSignificantBits());
        head.writeInt(length).writeInt(number);
        return crc(head.array(), 0, head.length());
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
