package io.helenus.engine.storage.manifest;

import io.helenus.sstable.model.ByteWriter;
import java.util.Set;
import java.util.TreeSet;

/// Which kinds of items the edits of a manifest have, for tests that want all of them. Reads a sound one.
public final class ManifestKinds {
    public static final Set<Integer> ALL =
            Set.of(
                    ManifestEdit.ADD,
                    ManifestEdit.REMOVE,
                    ManifestEdit.REPLAY_POSITION,
                    ManifestEdit.TRUNCATED,
                    ManifestEdit.NEXT_GENERATION,
                    ManifestEdit.DISCARD,
                    ManifestEdit.ANNOUNCE);

    private static final int EDIT_HEAD_BYTES = 12;
    private static final int CRC_BYTES = 4;
    private static final int ADDED_FIXED_BYTES = 3 * Long.BYTES;

    private final byte[] manifest;
    private int at = ManifestFormat.HEADER_BYTES;

    private ManifestKinds(byte[] manifest) {
        this.manifest = manifest;
    }

    public static Set<Integer> of(byte[] manifest) {
        ManifestKinds reader = new ManifestKinds(manifest);
        Set<Integer> kinds = new TreeSet<>();
        while (reader.at < manifest.length) {
            int end = reader.at + EDIT_HEAD_BYTES + ByteWriter.getInt(manifest, reader.at);
            reader.at += EDIT_HEAD_BYTES;
            while (reader.at < end) {
                kinds.add(reader.item());
            }
            reader.at += CRC_BYTES;
        }
        return kinds;
    }

    private int item() {
        int kind = manifest[at++];
        switch (kind) {
            case ManifestEdit.ADD -> {
                varint();
                varint();
                at += Integer.BYTES;
                varint();
                at += ADDED_FIXED_BYTES;
                skip(varint());
                skip(varint());
            }
            case ManifestEdit.REPLAY_POSITION -> at += Long.BYTES;
            case ManifestEdit.TRUNCATED -> at += 2 * Long.BYTES;
            default -> varint();
        }
        return kind;
    }

    private void skip(int bytes) {
        at += bytes;
    }

    private int varint() {
        int value = 0;
        int shift = 0;
        while (manifest[at] < 0) {
            value |= (manifest[at++] & 0x7f) << shift;
            shift += 7;
        }
        return value | manifest[at++] << shift;
    }
}
