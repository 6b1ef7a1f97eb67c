package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.Term;
import io.helenus.engine.query.function.Functions;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Markers;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.types.CqlType;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Values for bind markers, written as CQL terms between commas. `unset` is no value at all, and
/// `raw(0x..)` are bytes as they are.
final class BindText {
    /// One value.
    static final class Value {
        private final byte @Nullable [] bytes;
        private final boolean isUnset;

        private Value(byte @Nullable [] bytes, boolean isUnset) {
            this.bytes = bytes;
            this.isUnset = isUnset;
        }

        /// Null if it is null or unset.
        byte @Nullable [] bytes() {
            return bytes;
        }

        boolean isUnset() {
            return isUnset;
        }
    }

    private BindText() {}

    static List<Value> parse(String text, List<CqlType> types) {
        String cql =
                "INSERT INTO t (%s) VALUES (%s)"
                        .formatted("c", text.replaceAll("\\bunset\\b", "?"));
        var parsed = CqlParser.parseWithMarkers(cql);
        List<Term> terms = ((Modification.Insert) parsed.statement()).values();
        TermBinder binder =
                new TermBinder(
                        name -> {
                            throw new IllegalArgumentException("Type " + name);
                        },
                        new Functions(List.of()),
                        new Markers(parsed.bindMarkers(), 1));
        Evaluation evaluation = new Evaluation(new TimeUuids(() -> 0, new Random(1)));
        evaluation.start(new BoundValues(), 0, 0);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            if (term instanceof Term.BindMarker) {
                values.add(new Value(null, true));
            } else if (term instanceof Term.FunctionCall call
                    && call.name().name().text().equals("raw")) {
                String hex = ((Term.Literal) call.arguments().getFirst()).text();
                values.add(new Value(HexFormat.of().parseHex(hex.substring(2)), false));
            } else {
                Slice slice = new Slice();
                CqlType type = i < types.size() ? types.get(i) : types.getLast();
                binder.bind(term, new ColumnSpec("", "", "v" + i, type))
                        .evaluate(evaluation, slice);
                values.add(new Value(slice.copy(), false));
            }
        }
        return values;
    }
}
