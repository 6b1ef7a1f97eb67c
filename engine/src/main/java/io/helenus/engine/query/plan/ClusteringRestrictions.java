package io.helenus.engine.query.plan;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which positions within a partition a WHERE clause means: conditions on leading clustering
/// columns, turned into half-open ranges of positions for each request.
public final class ClusteringRestrictions {
    /// Half-open range of positions.
    public static final class Range {
        private final byte[] start;
        private final byte[] end;

        Range(byte[] start, byte[] end) {
            this.start = start;
            this.end = end;
        }

        /// Not to be changed.
        public byte[] start() {
            return start;
        }

        /// Not to be changed.
        public byte[] end() {
            return end;
        }
    }

    /// One condition on the next `count` clustering columns.
    sealed interface Step {
        int count();

        record Equal(TupleTerm values, int count) implements Step {}

        record In(
                @Nullable InTerm single,
                List<TupleTerm> tuples,
                @Nullable InTerm tupleList,
                int count)
                implements Step {}

        /// Always the last step.
        record Interval(@Nullable Bound lower, @Nullable Bound upper, int count) implements Step {}
    }

    /// @param count columns that it gives values for
    record Bound(TupleTerm values, boolean inclusive, int count) {}

    private final List<ColumnSchema> columns;
    private final List<Step> steps;
    private final boolean equalOnly;
    private final int restricted;
    private final ValueTerm[] equalTerms;

    ClusteringRestrictions(TableSchema table, List<Step> steps) {
        this.columns = table.clustering();
        this.steps = List.copyOf(steps);
        int count = 0;
        boolean equal = true;
        List<ValueTerm> terms = new ArrayList<>();
        for (Step step : steps) {
            count += step.count();
            if (step instanceof Step.Equal(TupleTerm values, int _) && values.whole() == null) {
                terms.addAll(values.each());
            } else {
                equal = false;
            }
        }
        this.restricted = count;
        this.equalOnly = equal;
        this.equalTerms = equal ? terms.toArray(ValueTerm[]::new) : new ValueTerm[0];
    }

    /// Whether any clustering column is restricted.
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /// Whether exactly one row is meant.
    public boolean isOneRow() {
        return equalOnly && restricted == columns.size();
    }

    /// Whether only whole rows are meant, each given by all its clustering columns.
    public boolean isRows() {
        return restricted == columns.size()
                && (steps.isEmpty() || !(steps.getLast() instanceof Step.Interval));
    }

    public int restrictedColumns() {
        return restricted;
    }

    /// Writes the components of the leading columns that are given, without an end; allocation-free.
    public void writePrefix(Evaluation evaluation, Slice scratch, ByteWriter out) {
        for (int i = 0; i < equalTerms.length; i++) {
            ColumnSchema column = columns.get(i);
            equalTerms[i].evaluate(evaluation, scratch);
            Conditions.check(scratch, column.name());
            column.type()
                    .encodeKey(
                            scratch.array(),
                            scratch.offset(),
                            scratch.length(),
                            column.descending(),
                            out);
        }
    }

    /// Writes the values that the leading columns are given, see [Spellings].
    ///
    /// @return whether the key alone gives all of them back
    boolean writeSpelling(Evaluation evaluation, Slice scratch, ByteWriter out) {
        boolean canonical = true;
        for (int i = 0; i < equalTerms.length; i++) {
            ColumnSchema column = columns.get(i);
            equalTerms[i].evaluate(evaluation, scratch);
            Conditions.check(scratch, column.name());
            Spellings.append(out, scratch.array(), scratch.offset(), scratch.length());
            canonical &=
                    column.type()
                            .keyIsCanonical(scratch.array(), scratch.offset(), scratch.length());
        }
        return canonical;
    }

    /// The prefixes of a statement that means whole rows or ranges given by equalities and INs, in
    /// order and without duplicates.
    public List<byte[]> prefixes(Evaluation evaluation) {
        List<byte[]> prefixes = new ArrayList<>();
        prefixes.add(new byte[0]);
        Slice scratch = new Slice();
        int first = 0;
        for (Step step : steps) {
            List<ColumnSchema> its = columns.subList(first, first + step.count());
            List<byte[]> suffixes =
                    switch (step) {
                        case Step.Equal(TupleTerm values, int _) ->
                                List.of(encode(values.evaluate(evaluation, scratch, its), its));
                        case Step.In in -> inSuffixes(in, its, evaluation, scratch);
                        case Step.Interval _ -> List.of(new byte[0]);
                    };
            prefixes = product(prefixes, suffixes);
            first += step.count();
        }
        return prefixes;
    }

    private static List<byte[]> inSuffixes(
            Step.In in, List<ColumnSchema> its, Evaluation evaluation, Slice scratch) {
        List<byte[]> suffixes = new ArrayList<>();
        if (in.single() != null) {
            for (byte[] value : in.single().evaluate(evaluation, scratch, its.getFirst().name())) {
                suffixes.add(encode(new byte[][] {value}, its));
            }
        } else if (in.tupleList() != null) {
            for (byte[] tuple :
                    in.tupleList().evaluate(evaluation, scratch, its.getFirst().name())) {
                scratch.set(tuple);
                suffixes.add(encode(TupleTerm.split(scratch, its), its));
            }
        } else {
            for (TupleTerm tuple : in.tuples()) {
                suffixes.add(encode(tuple.evaluate(evaluation, scratch, its), its));
            }
        }
        return sortedUnique(suffixes);
    }

    static List<byte[]> sortedUnique(List<byte[]> values) {
        List<byte[]> sorted = new ArrayList<>(values);
        sorted.sort(Arrays::compareUnsigned);
        List<byte[]> unique = new ArrayList<>(sorted.size());
        for (byte[] value : sorted) {
            if (unique.isEmpty() || !Arrays.equals(unique.getLast(), value)) {
                unique.add(value);
            }
        }
        return unique;
    }

    private static List<byte[]> product(List<byte[]> prefixes, List<byte[]> suffixes) {
        List<byte[]> all = new ArrayList<>(prefixes.size() * suffixes.size());
        for (byte[] prefix : prefixes) {
            for (byte[] suffix : suffixes) {
                all.add(concat(prefix, suffix));
            }
        }
        return all;
    }

    private static byte[] concat(byte[] prefix, byte... suffix) {
        byte[] all = Arrays.copyOf(prefix, prefix.length + suffix.length);
        System.arraycopy(suffix, 0, all, prefix.length, suffix.length);
        return all;
    }

    private static byte[] encode(byte[][] values, List<ColumnSchema> columns) {
        ByteWriter out = new ByteWriter();
        for (int i = 0; i < values.length; i++) {
            encode(values[i], columns.get(i), out);
        }
        return out.toArray();
    }

    private static void encode(byte[] value, ColumnSchema column, ByteWriter out) {
        column.type().encodeKey(value, 0, value.length, column.descending(), out);
    }

    /// The ranges of positions that are meant, ascending and disjoint. Static rows are in none.
    public List<Range> ranges(Evaluation evaluation) {
        List<Range> within = List.of(whole(new byte[0]));
        if (!steps.isEmpty() && steps.getLast() instanceof Step.Interval interval) {
            int first = restricted - interval.count();
            within = intervals(interval, columns.subList(first, restricted), evaluation);
        }
        List<Range> all = new ArrayList<>();
        for (byte[] prefix : prefixes(evaluation)) {
            for (Range range : within) {
                add(all, new Range(concat(prefix, range.start()), concat(prefix, range.end())));
            }
        }
        return all;
    }

    private static Range whole(byte[] prefix) {
        return new Range(before(prefix), after(prefix));
    }

    /// Before everything that begins with the prefix.
    static byte[] before(byte[] prefix) {
        return concat(prefix, RowKeys.BOUND_BEFORE);
    }

    static byte[] after(byte[] prefix) {
        return concat(prefix, RowKeys.BOUND_AFTER);
    }

    /// Appends a range, as one with the last if they touch.
    private static void add(List<Range> ranges, Range range) {
        if (Arrays.compareUnsigned(range.start(), range.end()) >= 0) {
            return;
        }
        if (!ranges.isEmpty() && Arrays.equals(ranges.getLast().end(), range.start())) {
            ranges.set(ranges.size() - 1, new Range(ranges.getLast().start(), range.end()));
        } else {
            ranges.add(range);
        }
    }

    private static List<Range> intervals(
            Step.Interval interval, List<ColumnSchema> its, Evaluation evaluation) {
        Slice scratch = new Slice();
        List<Range> ranges = List.of(whole(new byte[0]));
        Bound lower = interval.lower();
        if (lower != null) {
            ranges = half(lower, its, true, evaluation, scratch);
        }
        Bound upper = interval.upper();
        if (upper != null) {
            List<Range> other = half(upper, its, false, evaluation, scratch);
            ranges = intersect(ranges, other);
        }
        return ranges;
    }

    /// All positions on one side of a bound. With columns of both directions that is one range for
    /// each column: equal up to it, and beyond the bound in it.
    private static List<Range> half(
            Bound bound,
            List<ColumnSchema> its,
            boolean above,
            Evaluation evaluation,
            Slice scratch) {
        byte[][] values =
                bound.values().evaluate(evaluation, scratch, its.subList(0, bound.count()));
        List<Range> ranges = new ArrayList<>();
        ByteWriter prefix = new ByteWriter();
        for (int i = 0; i < values.length; i++) {
            boolean last = i == values.length - 1;
            boolean inclusive = last && bound.inclusive();
            byte[] upTo = prefix.toArray();
            encode(values[i], its.get(i), prefix);
            byte[] withIt = prefix.toArray();
            boolean afterInKeys = above != its.get(i).descending();
            Range range =
                    afterInKeys
                            ? new Range(inclusive ? before(withIt) : after(withIt), after(upTo))
                            : new Range(before(upTo), inclusive ? after(withIt) : before(withIt));
            ranges.add(range);
        }
        ranges.sort((a, b) -> Arrays.compareUnsigned(a.start(), b.start()));
        List<Range> joined = new ArrayList<>();
        for (Range range : ranges) {
            add(joined, range);
        }
        return joined;
    }

    private static List<Range> intersect(List<Range> a, List<Range> b) {
        List<Range> both = new ArrayList<>();
        for (Range left : a) {
            for (Range right : b) {
                byte[] start =
                        Arrays.compareUnsigned(left.start(), right.start()) >= 0
                                ? left.start()
                                : right.start();
                byte[] end =
                        Arrays.compareUnsigned(left.end(), right.end()) <= 0
                                ? left.end()
                                : right.end();
                add(both, new Range(start, end));
            }
        }
        return both;
    }
}
