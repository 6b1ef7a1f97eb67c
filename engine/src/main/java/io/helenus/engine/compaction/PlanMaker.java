package io.helenus.engine.compaction;

import io.helenus.engine.compaction.CompactionJob.Plan;
import io.helenus.engine.compaction.CompactionStrategy.Situation;
import io.helenus.engine.compaction.Compactions.Kind;
import io.helenus.engine.compaction.TableCompaction.Overlapping;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TimestampsOutside;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Makes plans: asks a table's strategy, or turns what an operator wants into compactions. Holds
/// nothing; used by the manager.
final class PlanMaker {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final CompactionEnvironment environment;

    PlanMaker(CompactionEnvironment environment) {
        this.environment = environment;
    }

    private long nowSeconds() {
        return environment.wallMicros().getAsLong() / MICROS_PER_SECOND;
    }

    private List<FileFacts> facts(TableState table, List<SSTable> files) {
        return table.facts(
                files,
                nowSeconds() - table.settings.gcGraceSeconds(),
                environment.nanoClock().getAsLong());
    }

    /// What the strategy wants. Without the manager's lock; planning's thread.
    List<Wanted> wanted(TableState table) {
        Map<Long, SSTable> byGeneration = new TreeMap<>();
        List<SSTable> files = table.store.sstables();
        files.forEach(file -> byGeneration.put(file.generation(), file));
        List<Wanted> wanted = new ArrayList<>();
        for (Pick pick : picks(table, files)) {
            wanted.add(
                    new Wanted(
                            table,
                            pick,
                            named(pick.files(), byGeneration),
                            named(pick.expired(), byGeneration)));
        }
        return wanted;
    }

    private static List<SSTable> named(List<FileFacts> facts, Map<Long, SSTable> byGeneration) {
        List<SSTable> files = new ArrayList<>();
        for (FileFacts each : facts) {
            SSTable file = byGeneration.get(each.generation());
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    private List<Pick> picks(TableState table, List<SSTable> files) {
        Map<Long, Long> bytes = new TreeMap<>();
        files.forEach(file -> bytes.put(file.generation(), file.file().bytes()));
        table.flushSizes.look(bytes);
        List<FileFacts> whole = facts(table, files);
        Set<Long> idle = new HashSet<>();
        for (SSTable file : files) {
            if (!file.isDamaged() && !table.store.isReserved(file)) {
                idle.add(file.generation());
            }
        }
        TableCompaction settings = table.settings;
        CompactionStrategy strategy = CompactionStrategy.of(settings);
        boolean checkExpired = isTimeToCheckExpired(table, settings.strategy());
        List<Pick> picks = new ArrayList<>();
        try (TimestampsOutside memtables = new TimestampsOutside(table.store, List.of())) {
            for (boolean repaired : new boolean[] {false, true}) {
                List<FileFacts> group =
                        whole.stream().filter(file -> file.repaired() == repaired).toList();
                List<FileFacts> idleGroup =
                        group.stream().filter(file -> idle.contains(file.generation())).toList();
                // Where only repaired deletions may go, no other file goes for what has expired.
                boolean mayPurge = repaired || !settings.onlyPurgeRepaired();
                picks.addAll(
                        (mayPurge ? strategy : CompactionStrategy.keepingDeletions(settings))
                                .picks(
                                        new Situation(
                                                idleGroup,
                                                group,
                                                whole,
                                                nowSeconds(),
                                                nowSeconds() - settings.gcGraceSeconds(),
                                                checkExpired && mayPurge,
                                                memtables::memtablesHoldUpTo,
                                                table.flushSizes.average())));
            }
        }
        return picks;
    }

    private boolean isTimeToCheckExpired(TableState table, StrategyOptions strategy) {
        long everySeconds =
                switch (strategy) {
                    case StrategyOptions.SizeTiered _ -> -1;
                    case StrategyOptions.TimeWindow options -> options.expiredCheckSeconds();
                    case StrategyOptions.Unified options -> options.expiredCheckSeconds();
                };
        if (everySeconds < 0) {
            return false;
        }
        long now = environment.nanoClock().getAsLong();
        if (table.expiredChecked
                && now - table.expiredCheckedAtNanos < TimeUnit.SECONDS.toNanos(everySeconds)) {
            return false;
        }
        table.expiredChecked = true;
        table.expiredCheckedAtNanos = now;
        return true;
    }

    private static List<SSTable> intact(TableState table) {
        return table.store.sstables().stream().filter(file -> !file.isDamaged()).toList();
    }

    List<Plan> major(TableState table, boolean splitOutput) {
        List<SSTable> files = intact(table);
        List<FileFacts> facts = facts(table, files);
        CompactionStrategy strategy = CompactionStrategy.of(table.settings);
        List<Plan> plans = new ArrayList<>();
        for (boolean repaired : new boolean[] {false, true}) {
            List<FileFacts> group =
                    facts.stream().filter(file -> file.repaired() == repaired).toList();
            for (Pick pick : strategy.major(group, splitOutput)) {
                Set<Long> chosen = new HashSet<>();
                pick.files().forEach(file -> chosen.add(file.generation()));
                plans.add(
                        new Plan(
                                pick.kind(),
                                files.stream()
                                        .filter(file -> chosen.contains(file.generation()))
                                        .toList(),
                                List.of(),
                                pick.cut(),
                                table.settings.overlapping(),
                                null));
            }
        }
        return plans;
    }

    List<Plan> userDefined(TableState table, List<SSTable> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        OutputCut cut = CompactionStrategy.of(table.settings).cut(facts(table, files));
        return List.of(
                new Plan(
                        Kind.USER_DEFINED,
                        files,
                        List.of(),
                        cut,
                        table.settings.overlapping(),
                        null));
    }

    /// Each file alone, those with the oldest data first.
    List<Plan> oneByOne(TableState table, Kind kind, Overlapping overlapping) {
        List<Plan> plans = new ArrayList<>();
        for (SSTable file :
                intact(table).stream()
                        .sorted(Comparator.comparingLong(each -> each.file().maxTimestamp()))
                        .toList()) {
            OutputCut cut = CompactionStrategy.of(table.settings).cut(facts(table, List.of(file)));
            plans.add(new Plan(kind, List.of(file), List.of(), cut, overlapping, null));
        }
        return plans;
    }

    /// Files that hold only what is owned are left as they are, and those that hold none are dropped.
    List<Plan> cleanup(TableState table) {
        List<OwnedTokens.Range> owned = environment.owned().of(table.store);
        List<Plan> plans = new ArrayList<>();
        for (SSTable file : intact(table)) {
            FileFacts facts = facts(table, List.of(file)).getFirst();
            boolean isWhole =
                    owned.stream()
                            .anyMatch(range ->
                                    (facts.firstToken() > range.start()
                                                    || range.start() == Long.MIN_VALUE)
                                            && facts.lastToken() <= range.end());
            boolean isForeign =
                    owned.stream()
                            .noneMatch(range ->
                                    facts.lastToken() > range.start()
                                            && facts.firstToken() <= range.end());
            if (isForeign) {
                plans.add(
                        new Plan(
                                Kind.CLEANUP,
                                List.of(),
                                List.of(file),
                                OutputCut.NONE,
                                Overlapping.NONE,
                                null));
            } else if (!isWhole) {
                plans.add(
                        new Plan(
                                Kind.CLEANUP,
                                List.of(file),
                                List.of(),
                                CompactionStrategy.of(table.settings).cut(List.of(facts)),
                                Overlapping.NONE,
                                owned));
            }
        }
        return plans;
    }
}
