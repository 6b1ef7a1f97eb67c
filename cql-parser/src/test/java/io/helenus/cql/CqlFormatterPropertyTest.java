package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.ast.CqlStatement;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// A tree, written and read again, is the same tree.
class CqlFormatterPropertyTest {
    @Property(tries = 20_000)
    void treesSurviveTheirText(@ForAll long seed) {
        CqlStatement statement = new StatementGenerator(new SplittableRandom(seed)).statement();
        String text = CqlFormatter.format(statement);
        assertThat(parsed(text)).as(text).isEqualTo(statement);
    }

    @Property(tries = 5_000)
    void theirTextNeedsTheCheapPassOnly(@ForAll long seed) {
        CqlStatement statement = new StatementGenerator(new SplittableRandom(seed)).statement();
        String text = CqlFormatter.format(statement);
        assertThat(CqlParser.parsesBySll(text)).as(text).isTrue();
    }

    private static CqlStatement parsed(String text) {
        try {
            return CqlParser.parse(text);
        } catch (CqlSyntaxException error) {
            throw new AssertionError(text, error);
        }
    }
}
