package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which partitions a WHERE clause means: some keys, a range of tokens, or all.
public final class PartitionRestrictions {
    /// Tokens from `first` to `last`, both included; none if `last` is less.
    public record TokenRange(long first, long last) {
        static final TokenRange ALL = new TokenRange(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean contains(long token) {
            return token >= first && token <= last;
        }
    }

    record TokenBound(ValueTerm value, boolean inclusive) {}

    private final List<ColumnSchema> columns;
    private final ValueTerm[] equals;
    private final List<Object> restrictions;
    private final @Nullable TokenBound lower;
    private final @Nullable TokenBound upper;

    private PartitionRestrictions(
            List<ColumnSchema> columns,
            List<Object> restrictions,
            @Nullable TokenBound lower,
            @Nullable TokenBound upper) {
        this.columns = columns;
        this.restrictions = restrictions;
        this.lower = lower;
        this.upper = upper;
        boolean allEqual =
                !restrictions.isEmpty()
                        && lower == null
                        && upper == null
                        && restrictions.stream().allMatch(r -> r instanceof ValueTerm);
        this.equals =
                allEqual
                        ? restrictions.stream().map(ValueTerm.class::cast).toArray(ValueTerm[]::new)
                        : new ValueTerm[0];
    }

    /// @param restrictions for each partition key column its [ValueTerm] or [InTerm]
    static PartitionRestrictions keys(
            TableSchema table,
            List<Object> restrictions,
            @Nullable TokenBound lower,
            @Nullable TokenBound upper) {
        return new PartitionRestrictions(
                table.partitionKey(), List.copyOf(restrictions), lower, upper);
    }

    static PartitionRestrictions tokens(
            TableSchema table, @Nullable TokenBound lower, @Nullable TokenBound upper) {
        return new PartitionRestrictions(table.partitionKey(), List.of(), lower, upper);
    }

    static PartitionRestrictions all(TableSchema table) {
        return tokens(table, null, null);
    }

    /// Whether exactly one partition is meant.
    public boolean isOneKey() {
        return equals.length > 0;
    }

    /// Whether partitions are given by their keys.
    public boolean isKeys() {
        return !restrictions.isEmpty();
    }

    public boolean hasTokenBounds() {
        return lower != null || upper != null;
    }

    /// Writes the one key that is meant; allocation-free.
    public void writeKey(Evaluation evaluation, Slice scratch, ByteWriter key) {
        for (int i = 0; i < equals.length; i++) {
            equals[i].evaluate(evaluation, scratch);
            Conditions.check(scratch, columns.get(i).name());
            PartitionKeys.append(
                    key, scratch.array(), scratch.offset(), scratch.length(), equals.length);
        }
        PartitionKeys.check(key);
    }

    /// All keys that are meant, in the order of their columns' types, without duplicates.
    public List<byte[]> keys(Evaluation evaluation) {
        Slice scratch = new Slice();
        // Order-preserving encoding and key bytes side by side, so that results come as
        // Cassandra's.
        List<byte[][]> keys = new ArrayList<>();
        keys.add(new byte[][] {new byte[0], new byte[0]});
        for (int i = 0; i < columns.size(); i++) {
            ColumnSchema column = columns.get(i);
            List<byte[]> values;
            if (restrictions.get(i) instanceof InTerm in) {
                values = in.evaluate(evaluation, scratch, column.name());
            } else {
                ((ValueTerm) restrictions.get(i)).evaluate(evaluation, scratch);
                values = List.of(Conditions.required(scratch, column.name()));
            }
            keys = product(keys, values, column);
        }
        keys.sort((a, b) -> {
            int order = Arrays.compareUnsigned(a[0], b[0]);
            return order != 0 ? order : Arrays.compareUnsigned(a[1], b[1]);
        });
        List<byte[]> unique = new ArrayList<>(keys.size());
        TokenRange tokens = tokens(evaluation);
        for (byte[][] key : keys) {
            if ((unique.isEmpty() || !Arrays.equals(unique.getLast(), key[1]))
                    && tokens.contains(Murmur3Token.of(key[1], 0, key[1].length))) {
                unique.add(key[1]);
            }
        }
        return unique;
    }

    private List<byte[][]> product(List<byte[][]> keys, List<byte[]> values, ColumnSchema column) {
        List<byte[][]> all = new ArrayList<>(keys.size() * values.size());
        for (byte[][] key : keys) {
            for (byte[] value : values) {
                ByteWriter order = new ByteWriter().writeBytes(key[0]);
                column.type().encodeKey(value, 0, value.length, false, order);
                ByteWriter bytes = new ByteWriter().writeBytes(key[1]);
                PartitionKeys.append(bytes, value, 0, value.length, columns.size());
                if (column.position() == columns.size() - 1) {
                    PartitionKeys.check(bytes);
                }
                all.add(new byte[][] {order.toArray(), bytes.toArray()});
            }
        }
        return all;
    }

    /// The tokens that are meant when partitions are not given by their keys.
    public TokenRange tokens(Evaluation evaluation) {
        if (lower == null && upper == null) {
            return TokenRange.ALL;
        }
        Slice scratch = new Slice();
        long first = Long.MIN_VALUE;
        long last = Long.MAX_VALUE;
        if (lower != null) {
            long token = token(lower, evaluation, scratch);
            if (!lower.inclusive() && token == Long.MAX_VALUE) {
                return new TokenRange(1, 0);
            }
            first = lower.inclusive() ? token : token + 1;
        }
        if (upper != null) {
            long token = token(upper, evaluation, scratch);
            // The ring's sentinel as an upper bound means the end of the ring.
            if (token != Murmur3Token.MIN) {
                last = upper.inclusive() ? token : token - 1;
            }
        }
        return new TokenRange(first, last);
    }

    private static long token(TokenBound bound, Evaluation evaluation, Slice scratch) {
        bound.value().evaluate(evaluation, scratch);
        if (!scratch.hasBytes()) {
            throw CqlException.invalid("Invalid null token value");
        }
        if (scratch.length() != Long.BYTES) {
            throw CqlException.invalid(
                    "Invalid token value of %d bytes, expected %d"
                            .formatted(scratch.length(), Long.BYTES));
        }
        return ByteWriter.getLong(scratch.array(), scratch.offset());
    }
}
