package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.grammar.CqlGrammar;
import io.helenus.cql.grammar.CqlTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.antlr.v4.runtime.CommonTokenStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever the text, there is a tree or a [CqlSyntaxException] that points into the text.
class CqlFuzzTest {
    private static final List<String> STATEMENTS = Statements.accepted();
    private static final List<String> WORDS = CqlWords.all();
    private static final List<String> PIECES =
            List.of(
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    "<",
                    ">",
                    ",",
                    ";",
                    ":",
                    ".",
                    "..",
                    "?",
                    "+",
                    "-",
                    "*",
                    "/",
                    "%",
                    "=",
                    "!=",
                    "<=",
                    ">=",
                    "+=",
                    "-=",
                    "'",
                    "''",
                    "\"",
                    "$$",
                    "--",
                    "//",
                    "/*",
                    "*/",
                    "\n",
                    " ",
                    "0",
                    "1.5",
                    "1.",
                    "1e5",
                    "0x",
                    "1h",
                    "P1D",
                    "'s'",
                    "a",
                    "\"A\"",
                    ":n",
                    "(int)",
                    "(a)",
                    "\u0000",
                    "\ud83d\ude00",
                    "\ud83d",
                    "\u00e4");

    private static final List<String> HEADS =
            List.of(
                    "SELECT ",
                    "SELECT JSON ",
                    "SELECT JSON - ",
                    "SELECT * FROM t WHERE a = ",
                    "SELECT * FROM t WHERE ",
                    "SELECT * FROM t WHERE a CONTAINS KEY ",
                    "UPDATE t SET a = ",
                    "INSERT INTO t (a) VALUES (");
    private static final List<String> OPENINGS =
            List.of(
                    "(",
                    "[",
                    "{",
                    "f(",
                    "(a) (",
                    "(int) [",
                    "{a: ",
                    "ks.f(1, ",
                    "cast(",
                    "{1: ",
                    "(ks.u) {b: ",
                    "- (",
                    "a + (",
                    "(list<int>) [",
                    "{(a): [",
                    "m[",
                    "(a, b) = (");
    private static final List<String> TAILS =
            List.of(" + 1", " AS text", ": 1", ".b", "[0]", " IN (1)");

    @Property(tries = 3_000)
    void anyText(@ForAll String text) {
        check(text);
    }

    @Property(tries = 2_000)
    void anyBytes(@ForAll byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
        check(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Property(tries = 5_000)
    void tokenSoup(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "SELECT " : "");
        for (int i = random.nextInt(40); i > 0; i--) {
            List<String> from = random.nextInt(3) == 0 ? WORDS : PIECES;
            text.append(from.get(random.nextInt(from.size())));
            text.append(random.nextInt(4) == 0 ? "" : " ");
        }
        check(text.toString());
    }

    @Property(tries = 10_000)
    void mutatedStatements(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(one(random, STATEMENTS));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            mutate(text, random);
        }
        check(text.toString());
    }

    private static String one(SplittableRandom random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static void mutate(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(8));
        switch (random.nextInt(6)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, one(random, PIECES));
            case 2 -> text.insert(at, " " + one(random, WORDS) + " ");
            case 3 -> text.insert(at, text.substring(at, end));
            case 4 -> text.replace(at, end, one(random, PIECES));
            default -> {
                String other = one(random, STATEMENTS);
                text.setLength(at);
                text.append(other, random.nextInt(other.length() + 1), other.length());
            }
        }
    }

    private static void check(String text) {
        try {
            String formatted = CqlFormatter.format(CqlParser.parse(text));
            assertThat(CqlParser.parse(formatted)).as(text).isEqualTo(CqlParser.parse(text));
        } catch (CqlSyntaxException error) {
            assertThat(error.position().offset()).as(text).isBetween(0, text.length());
            assertThat(error.line()).as(text).isPositive();
            assertThat(error.getMessage()).as(text).hasSizeLessThan(600);
        }
        assertThat(StatementSplitter.split(text)).isNotNull();
        assertThat(CqlParser.expectedAfter(text)).isNotNull();
    }

    @Test
    void hugeNonsenseIsRefusedWithoutHarm() {
        for (String piece :
                List.of("(", ")", "-", "'", "\"", "$$", "/*", "a ", "1 ", ",", "{", "?")) {
            for (String head : List.of("", "SELECT ", "INSERT INTO t (a) VALUES (", "USE ")) {
                check(head + piece.repeat(300_000));
            }
        }
    }

    /// ANTLR keeps each path that a decision ever looked along. If one looked into brackets,
    /// hostile text could fill the memory: once it left 30 states for each statement.
    @Test
    void noDecisionLooksIntoNestedBrackets() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            nestedSoup(random);
        }
        long before = states();
        for (int i = 0; i < 2_000; i++) {
            nestedSoup(random);
        }
        assertThat(states() - before).isLessThan(200);
    }

    private static long states() {
        CqlGrammar grammar =
                new CqlGrammar(new CommonTokenStream(new CqlTokens(new TextCharStream(""))));
        return Stream.of(grammar.getInterpreter().decisionToDFA)
                .mapToLong(dfa -> dfa.states.size())
                .sum();
    }

    private static void nestedSoup(SplittableRandom random) {
        StringBuilder text = new StringBuilder(one(random, HEADS));
        Deque<String> closing = new ArrayDeque<>();
        for (int depth = random.nextInt(60); depth > 0; depth--) {
            String opening = one(random, OPENINGS);
            text.append(opening).append(random.nextInt(5) == 0 ? "a, " : "");
            closing.push(closing(opening));
        }
        text.append(random.nextBoolean() ? "a" : "1");
        while (!closing.isEmpty()) {
            text.append(closing.pop()).append(random.nextInt(6) == 0 ? one(random, TAILS) : "");
        }
        String nested = text.append(" FROM t").toString();
        int at = random.nextInt(nested.length());
        check(
                random.nextInt(3) == 0
                        ? nested.substring(0, at)
                                + " "
                                + one(random, WORDS)
                                + " "
                                + nested.substring(at)
                        : nested);
    }

    private static String closing(String opening) {
        int round = opening.lastIndexOf('(');
        int square = opening.lastIndexOf('[');
        int brace = opening.lastIndexOf('{');
        int last = Math.max(round, Math.max(square, brace));
        return last == round ? ")" : last == square ? "]" : "}";
    }

    @Test
    void deepNestingFitsASmallStack() throws InterruptedException {
        String open = "[".repeat(190);
        String close = "]".repeat(190);
        String cql = "INSERT INTO t (a) VALUES (" + open + "f({1: (int) -1})" + close + ")";
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable work = () -> check(cql + ";");
        Thread small = new Thread(null, work, "small-stack", 512 << 10);
        small.setUncaughtExceptionHandler((thread, error) -> failure.set(error));
        small.start();
        small.join();
        assertThat(failure.get()).isNull();
    }
}
