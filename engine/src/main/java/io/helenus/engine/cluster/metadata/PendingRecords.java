package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.agreement.AgreementRecord;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.MetadataRecord;
import io.helenus.engine.metadata.NodeIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Records that the agreement wants in the metadata log, gathered until they are forced together. Of the
/// owner.
final class PendingRecords {
    private final MetadataLog log;
    private final NodeIdentity identity;
    private final List<ByteBuffer> unwritten = new ArrayList<>();
    private long first; // sequence
    private long last; // sequence, 0 if everything is forced

    PendingRecords(MetadataLog log, NodeIdentity identity) {
        this.log = log;
        this.identity = identity;
    }

    /// Whether everything is forced.
    boolean isEmpty() {
        return last == 0;
    }

    void add(long sequence, AgreementRecord record) {
        unwritten.add(ByteBuffer.wrap(record.toBytes()));
        note(sequence);
    }

    private void note(long sequence) {
        first = last == 0 ? sequence : first;
        last = sequence;
    }

    /// Writes a file anew, with this in it; what was not written yet is part of that. [#force] then says
    /// that it is there.
    ///
    /// @throws IOException if that fails: the file of before may still be in use, if the log is whole
    void rewrite(List<AgreementRecord> content) throws IOException {
        List<ByteBuffer> bytes =
                content.stream().map(each -> ByteBuffer.wrap(each.toBytes())).toList();
        log.rewrite(
                List.of(new MetadataRecord.Identity(identity), new MetadataRecord.Agreed(bytes)));
        unwritten.clear();
    }

    /// A rewrite of this sequence is done, or not needed.
    void rewritten(long sequence) {
        note(sequence);
    }

    /// Has all of them on disk.
    ///
    /// @return up to which sequence they are
    /// @throws IOException if that fails; they are still pending then
    long force() throws IOException {
        if (!unwritten.isEmpty()) {
            log.append(new MetadataRecord.Agreed(unwritten));
        }
        long forced = last;
        forget();
        return forced;
    }

    /// The sequence of the only one; 0 if there are several, or none.
    long only() {
        return first == last ? last : 0;
    }

    /// They will not be written.
    void forget() {
        unwritten.clear();
        first = 0;
        last = 0;
    }
}
