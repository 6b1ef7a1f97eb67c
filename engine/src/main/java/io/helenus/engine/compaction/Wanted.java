package io.helenus.engine.compaction;

import io.helenus.engine.storage.SSTable;
import java.util.List;

/// A compaction that a table's strategy wants.
///
/// @param files that are to be compacted
/// @param expired that go unread
record Wanted(TableState table, Pick pick, List<SSTable> files, List<SSTable> expired) {
    Wanted {
        files = List.copyOf(files);
        expired = List.copyOf(expired);
    }
}
