package io.helenus.engine.query.function;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The scalar functions of the system keyspace, under the names of Apache Cassandra 5.0 and, where
/// applications still send them, under the older ones.
final class BuiltInFunctions {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    /// The day 1970-01-01 as `date` counts.
    private static final long EPOCH_DAY = 1L << 31;

    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /// Low halves of the least and the greatest time UUID, whose bytes are compared signed.
    private static final long LEAST_LOW = 0x8080808080808080L;

    private static final long GREATEST_LOW = 0x7f7f7f7f7f7f7f7fL;

    private static final Map<String, List<ScalarFunction>> BY_NAME = all();

    private BuiltInFunctions() {}

    /// Empty if there is none.
    static List<ScalarFunction> named(String name) {
        return BY_NAME.getOrDefault(name, List.of());
    }

    @FunctionalInterface
    private interface Body {
        void execute(Evaluation evaluation, Slice[] arguments, Slice out);
    }

    private record Simple(
            String name, List<CqlType> argumentTypes, CqlType returnType, boolean isPure, Body body)
            implements ScalarFunction {
        @Override
        public void execute(Evaluation evaluation, Slice[] arguments, Slice out) {
            for (Slice argument : arguments) {
                if (!argument.hasBytes()) {
                    out.setNull();
                    return;
                }
            }
            body.execute(evaluation, arguments, out);
        }
    }

    private static Map<String, List<ScalarFunction>> all() {
        Map<String, List<ScalarFunction>> functions = new HashMap<>();
        addClock(functions);
        addConversions(functions);
        addBlobs(functions);
        functions.replaceAll((_, overloads) -> List.copyOf(overloads));
        return Map.copyOf(functions);
    }

    private static void add(
            Map<String, List<ScalarFunction>> functions,
            List<String> names,
            List<CqlType> arguments,
            CqlType returned,
            boolean pure,
            Body body) {
        for (String name : names) {
            functions
                    .computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(new Simple(name, arguments, returned, pure, body));
        }
    }

    private static void addClock(Map<String, List<ScalarFunction>> functions) {
        add(
                functions,
                List.of("now", "current_timeuuid", "currenttimeuuid"),
                List.of(),
                NativeType.TIMEUUID,
                false,
                (evaluation, _, out) ->
                        uuid(
                                evaluation,
                                evaluation.timeUuids().nextMostSignificant(),
                                evaluation.timeUuids().leastSignificant(),
                                out));
        add(
                functions,
                List.of("uuid"),
                List.of(),
                NativeType.UUID,
                false,
                (evaluation, _, out) ->
                        uuid(
                                evaluation,
                                evaluation.timeUuids().randomMostSignificant(),
                                evaluation.timeUuids().randomLeastSignificant(),
                                out));
        add(
                functions,
                List.of("current_timestamp", "currenttimestamp"),
                List.of(),
                NativeType.TIMESTAMP,
                false,
                (evaluation, _, out) ->
                        bigint(
                                evaluation,
                                Math.floorDiv(evaluation.timestampMicros(), 1_000L),
                                out));
        add(
                functions,
                List.of("current_date", "currentdate"),
                List.of(),
                NativeType.DATE,
                false,
                (evaluation, _, out) ->
                        date(evaluation, Math.floorDiv(evaluation.timestampMicros(), 1_000L), out));
        add(
                functions,
                List.of("current_time", "currenttime"),
                List.of(),
                NativeType.TIME,
                false,
                (evaluation, _, out) ->
                        bigint(
                                evaluation,
                                Math.floorMod(evaluation.timestampMicros(), MICROS_PER_DAY)
                                        * NANOS_PER_MICRO,
                                out));
    }

    private static void addConversions(Map<String, List<ScalarFunction>> functions) {
        for (NativeType type :
                List.of(NativeType.TIMEUUID, NativeType.TIMESTAMP, NativeType.DATE)) {
            if (type != NativeType.DATE) {
                add(
                        functions,
                        List.of("to_date", "todate"),
                        List.of(type),
                        NativeType.DATE,
                        true,
                        (evaluation, a, out) -> date(evaluation, millis(type, a[0]), out));
            }
            if (type != NativeType.TIMESTAMP) {
                add(
                        functions,
                        List.of("to_timestamp", "totimestamp"),
                        List.of(type),
                        NativeType.TIMESTAMP,
                        true,
                        (evaluation, a, out) -> bigint(evaluation, millis(type, a[0]), out));
            }
            add(
                    functions,
                    List.of("to_unix_timestamp", "tounixtimestamp"),
                    List.of(type),
                    NativeType.BIGINT,
                    true,
                    (evaluation, a, out) -> bigint(evaluation, millis(type, a[0]), out));
        }
        add(
                functions,
                List.of("min_timeuuid", "mintimeuuid"),
                List.of(NativeType.TIMESTAMP),
                NativeType.TIMEUUID,
                true,
                (evaluation, a, out) ->
                        uuid(
                                evaluation,
                                TimeUuids.mostSignificant(
                                        millis(NativeType.TIMESTAMP, a[0]) * 10_000L),
                                LEAST_LOW,
                                out));
        add(
                functions,
                List.of("max_timeuuid", "maxtimeuuid"),
                List.of(NativeType.TIMESTAMP),
                NativeType.TIMEUUID,
                true,
                (evaluation, a, out) ->
                        uuid(
                                evaluation,
                                TimeUuids.mostSignificant(
                                        millis(NativeType.TIMESTAMP, a[0]) * 10_000L + 9_999L),
                                GREATEST_LOW,
                                out));
    }

    private static void addBlobs(Map<String, List<ScalarFunction>> functions) {
        for (NativeType type : NativeType.values()) {
            if (type == NativeType.BLOB || type == NativeType.COUNTER || type == NativeType.EMPTY) {
                continue;
            }
            String name = type.cqlName();
            List<String> toBlob = new ArrayList<>(List.of(name + "_as_blob", name + "asblob"));
            List<String> fromBlob = new ArrayList<>(List.of("blob_as_" + name, "blobas" + name));
            if (type == NativeType.TEXT) {
                toBlob.addAll(List.of("varchar_as_blob", "varcharasblob"));
                fromBlob.addAll(List.of("blob_as_varchar", "blobasvarchar"));
            }
            add(
                    functions,
                    toBlob,
                    List.of(type),
                    NativeType.BLOB,
                    true,
                    (_, a, out) -> out.set(a[0]));
            for (String blobName : fromBlob) {
                add(
                        functions,
                        List.of(blobName),
                        List.of(NativeType.BLOB),
                        type,
                        true,
                        (_, a, out) -> {
                            checkBlob(type, blobName, a[0]);
                            out.set(a[0]);
                        });
            }
        }
    }

    private static void checkBlob(NativeType type, String name, Slice value) {
        try {
            type.validate(value.array(), value.offset(), value.length());
        } catch (InvalidValueException e) {
            throw CqlException.invalid(
                    "In call to function system.%s, value %s is not a valid binary representation for type %s"
                            .formatted(
                                    name,
                                    NativeType.BLOB.format(
                                            value.array(), value.offset(), value.length()),
                                    type.cqlName()));
        }
    }

    private static long millis(NativeType type, Slice value) {
        if (type == NativeType.DATE) {
            long day = ByteWriter.getInt(value.array(), value.offset()) & 0xFFFFFFFFL;
            return (day - EPOCH_DAY) * MILLIS_PER_DAY;
        }
        long bits = ByteWriter.getLong(value.array(), value.offset());
        return type == NativeType.TIMEUUID ? TimeUuids.unixMillis(bits) : bits;
    }

    private static void date(Evaluation evaluation, long millis, Slice out) {
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        arena.writeInt((int) (Math.floorDiv(millis, MILLIS_PER_DAY) + EPOCH_DAY));
        out.set(arena.array(), at, Integer.BYTES);
    }

    private static void bigint(Evaluation evaluation, long value, Slice out) {
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        arena.writeLong(value);
        out.set(arena.array(), at, Long.BYTES);
    }

    private static void uuid(Evaluation evaluation, long high, long low, Slice out) {
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        arena.writeLong(high).writeLong(low);
        out.set(arena.array(), at, 2 * Long.BYTES);
    }
}
