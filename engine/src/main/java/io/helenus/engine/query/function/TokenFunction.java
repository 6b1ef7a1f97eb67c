package io.helenus.engine.query.function;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.plan.PartitionKeys;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;

/// `token(partition key columns)` of one table.
final class TokenFunction implements ScalarFunction {
    private final List<CqlType> partitionKeyTypes;

    TokenFunction(List<CqlType> partitionKeyTypes) {
        this.partitionKeyTypes = List.copyOf(partitionKeyTypes);
    }

    @Override
    public String name() {
        return "token";
    }

    @Override
    public List<CqlType> argumentTypes() {
        return partitionKeyTypes;
    }

    @Override
    public CqlType returnType() {
        return NativeType.BIGINT;
    }

    @Override
    public boolean isPure() {
        return true;
    }

    @Override
    public void execute(Evaluation evaluation, Slice[] arguments, Slice out) {
        ByteWriter key = new ByteWriter();
        for (Slice argument : arguments) {
            if (!argument.hasBytes()) {
                throw CqlException.invalid("Invalid null token value");
            }
            PartitionKeys.append(
                    key, argument.array(), argument.offset(), argument.length(), arguments.length);
        }
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        arena.writeLong(Murmur3Token.of(key.array(), 0, key.length()));
        out.set(arena.array(), at, Long.BYTES);
    }
}
