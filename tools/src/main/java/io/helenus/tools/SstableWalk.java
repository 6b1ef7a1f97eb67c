package io.helenus.tools;

import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks over all entries of a file that can be read, and around damaged blocks. One use, one thread.
final class SstableWalk {
    /// Told of what is met, in key order.
    interface Visitor {
        void entry(RowCursor cursor) throws IOException;

        /// What lay between the last entry and the next one is lost.
        default void gap(SSTableVerifier.Damage damage) throws IOException {}
    }

    private final SSTableReader reader;
    private final ByteWriter last = new ByteWriter(); // nothing up to here is shown again
    private @Nullable List<SSTableVerifier.Damage> damage; // looked for when needed

    SstableWalk(SSTableReader reader) {
        this.reader = reader;
    }

    /// @return what was left out
    /// @throws CorruptSSTableException if there is no way around
    List<SSTableVerifier.Damage> run(Visitor visitor) throws IOException {
        List<SSTableVerifier.Damage> gaps = new ArrayList<>();
        byte[] from = {};
        while (true) {
            SSTableVerifier.Damage gap;
            try (SSTableCursor cursor = new SSTableCursor()) {
                cursor.open(reader, from, 0, from.length, null, 0, 0, false, ReadMode.SCAN);
                while (cursor.next() != RowCursor.Kind.END) {
                    visitor.entry(cursor);
                    last.clear();
                    last.writeBytes(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength());
                }
                return gaps;
            } catch (CorruptSSTableException | UncheckedIOException e) {
                gap = nextDamage(e);
            }
            gaps.add(gap);
            visitor.gap(gap);
            byte[] to = gap.toKey();
            if (to == null) {
                return gaps;
            }
            from = to;
            last.clear();
            last.writeBytes(to, 0, to.length);
        }
    }

    /// The first damaged part that reaches beyond what was shown already.
    private SSTableVerifier.Damage nextDamage(RuntimeException met) {
        List<SSTableVerifier.Damage> known = damage;
        if (known == null) {
            known = new SSTableVerifier(reader).verify().damage();
            damage = known;
        }
        for (SSTableVerifier.Damage candidate : known) {
            byte[] to = candidate.toKey();
            if (to == null
                    || RowKeys.compare(to, 0, to.length, last.array(), 0, last.length()) > 0) {
                return candidate;
            }
        }
        throw met;
    }
}
