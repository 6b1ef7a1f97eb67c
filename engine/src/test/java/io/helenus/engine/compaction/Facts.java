package io.helenus.engine.compaction;

import io.helenus.engine.compaction.CompactionStrategy.Situation;
import java.util.ArrayList;
import java.util.List;

/// Makes files for strategies' tests. By default a file is over all tokens, was written at second 0,
/// and nothing in it is dead.
record Facts(
        long generation,
        long bytes,
        long firstToken,
        long lastToken,
        long minTimestamp,
        long maxTimestamp,
        long maxDropTime,
        double droppable,
        double hotness,
        boolean damaged) {
    static final long MIB = 1 << 20;

    static Facts file(long generation, long bytes) {
        return new Facts(
                generation,
                bytes,
                Long.MIN_VALUE + 1,
                Long.MAX_VALUE,
                generation,
                generation,
                Long.MAX_VALUE,
                0,
                0,
                false);
    }

    Facts tokens(long first, long last) {
        return new Facts(
                generation,
                bytes,
                first,
                last,
                minTimestamp,
                maxTimestamp,
                maxDropTime,
                droppable,
                hotness,
                damaged);
    }

    Facts timestamps(long min, long max) {
        return new Facts(
                generation,
                bytes,
                firstToken,
                lastToken,
                min,
                max,
                maxDropTime,
                droppable,
                hotness,
                damaged);
    }

    Facts gone(long atSeconds) {
        return new Facts(
                generation,
                bytes,
                firstToken,
                lastToken,
                minTimestamp,
                maxTimestamp,
                atSeconds,
                droppable,
                hotness,
                damaged);
    }

    Facts droppable(double share) {
        return new Facts(
                generation,
                bytes,
                firstToken,
                lastToken,
                minTimestamp,
                maxTimestamp,
                maxDropTime,
                share,
                hotness,
                damaged);
    }

    Facts hot(double reads) {
        return new Facts(
                generation,
                bytes,
                firstToken,
                lastToken,
                minTimestamp,
                maxTimestamp,
                maxDropTime,
                droppable,
                reads,
                damaged);
    }

    Facts damagedOne() {
        return new Facts(
                generation,
                bytes,
                firstToken,
                lastToken,
                minTimestamp,
                maxTimestamp,
                maxDropTime,
                droppable,
                hotness,
                true);
    }

    FileFacts facts() {
        return new FileFacts(
                generation,
                bytes,
                firstToken,
                lastToken,
                minTimestamp,
                maxTimestamp,
                1_000,
                maxDropTime,
                droppable,
                hotness,
                0,
                false,
                damaged);
    }

    static List<FileFacts> all(Facts... files) {
        List<FileFacts> facts = new ArrayList<>();
        for (Facts file : files) {
            facts.add(file.facts());
        }
        return facts;
    }

    /// At second one million, with a grace period of 1000 seconds.
    static Situation situation(Facts... files) {
        return situation(Long.MAX_VALUE, files);
    }

    static Situation situation(long oldestInMemtables, Facts... files) {
        List<FileFacts> all = all(files);
        return new Situation(
                all.stream().filter(file -> !file.damaged()).toList(),
                all,
                all,
                1_000_000,
                999_000,
                true,
                timestamp -> oldestInMemtables <= timestamp,
                0);
    }

    static List<Long> chosen(Pick pick) {
        return pick.files().stream().map(FileFacts::generation).sorted().toList();
    }

    static List<List<Long>> chosen(List<Pick> picks) {
        return picks.stream().map(Facts::chosen).toList();
    }

    static List<Long> expired(List<Pick> picks) {
        return picks.stream()
                .flatMap(pick -> pick.expired().stream())
                .map(FileFacts::generation)
                .sorted()
                .toList();
    }
}
