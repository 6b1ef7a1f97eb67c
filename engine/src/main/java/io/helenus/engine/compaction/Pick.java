package io.helenus.engine.compaction;

import java.util.List;

/// A compaction that a strategy wants.
///
/// @param files read and replaced
/// @param expired removed without being read: nothing in them matters any more
/// @param cut where one output ends and the next begins
/// @param urgency compactions of a higher one go first
record Pick(
        Compactions.Kind kind,
        List<FileFacts> files,
        List<FileFacts> expired,
        OutputCut cut,
        double urgency) {
    Pick {
        files = List.copyOf(files);
        expired = List.copyOf(expired);
    }

    static Pick of(Compactions.Kind kind, List<FileFacts> files, OutputCut cut) {
        return new Pick(kind, files, List.of(), cut, files.size());
    }

    static long bytes(List<FileFacts> files) {
        return files.stream().mapToLong(FileFacts::bytes).sum();
    }
}
