package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.data.TupleValue;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each CQL type there and back: bound by place and by name, prepared and not, null and unset.
@ExtendWith(SharedServer.Extension.class)
final class DriverTypesTest {
    /// A type, and values that must come back equal.
    record Typed(String cql, List<Object> values) {
        static Typed of(String cql, Object... values) {
            return new Typed(cql, List.of(values));
        }
    }

    private static List<Typed> natives() {
        InetAddress loopback6 = InetAddress.ofLiteral("::1");
        return List.of(
                Typed.of("ascii", "", "plain", "a\0b"),
                Typed.of("bigint", 0L, Long.MIN_VALUE, Long.MAX_VALUE),
                Typed.of("blob", ByteBuffer.allocate(0), ByteBuffer.wrap(new byte[] {0, -1, 7})),
                Typed.of("boolean", true, false),
                Typed.of("date", LocalDate.of(1970, 1, 1), LocalDate.of(-1, 2, 3)),
                Typed.of(
                        "decimal",
                        new BigDecimal("1.0"),
                        new BigDecimal("-1E-30"),
                        BigDecimal.ZERO),
                Typed.of("double", -0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY),
                Typed.of("duration", CqlDuration.from("1mo2d3ns"), CqlDuration.from("-1y5h")),
                Typed.of("float", -0.0f, Float.NaN, Float.MAX_VALUE),
                Typed.of("inet", InetAddress.getLoopbackAddress(), loopback6),
                Typed.of("int", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                Typed.of("smallint", Short.MIN_VALUE, Short.MAX_VALUE),
                Typed.of("text", "", "héllo \uD83D\uDC2A", "a\0"),
                Typed.of("time", LocalTime.MIDNIGHT, LocalTime.MAX),
                Typed.of(
                        "timestamp",
                        Instant.EPOCH,
                        Instant.ofEpochMilli(-1),
                        Instant.ofEpochMilli(1L << 45)),
                Typed.of("timeuuid", Uuids.startOf(0), Uuids.timeBased()),
                Typed.of("tinyint", Byte.MIN_VALUE, Byte.MAX_VALUE),
                Typed.of(
                        "uuid",
                        new UUID(0, 0),
                        UUID.fromString("123e4567-e89b-42d3-a456-426614174000")),
                Typed.of("varint", BigInteger.ZERO, BigInteger.TWO.pow(200).negate()),
                Typed.of("vector<float, 3>", CqlVector.newInstance(1f, -0.5f, Float.MAX_VALUE)),
                Typed.of("vector<text, 2>", CqlVector.newInstance("", "two")));
    }

    private static List<Typed> collections(CqlSession session, String keyspace) {
        TupleType pair = DataTypes.tupleOf(DataTypes.INT, DataTypes.TEXT);
        pair.attach(session.getContext());
        UserDefinedType address =
                session.getMetadata()
                        .getKeyspace(keyspace)
                        .flatMap(each -> each.getUserDefinedType("address"))
                        .orElseThrow();
        TupleValue full = pair.newValue(1, "one");
        TupleValue half = pair.newValue(1, null);
        UdtValue home = address.newValue("Main St", Set.of("a", "b"), full);
        UdtValue bare = address.newValue().setString("street", "Bare St");
        Map<String, List<Integer>> map = new LinkedHashMap<>();
        map.put("", List.of(1, 2, 1));
        map.put("k", List.of());
        return List.of(
                Typed.of("list<int>", List.of(3, 1, 3)),
                Typed.of("set<text>", new LinkedHashSet<>(List.of("", "a", "b"))),
                Typed.of("map<text, frozen<list<int>>>", map),
                Typed.of("frozen<list<int>>", List.of(), List.of(3, 1, 3)),
                Typed.of("frozen<map<int, frozen<set<uuid>>>>", Map.of(1, Set.of(new UUID(1, 2)))),
                Typed.of("frozen<tuple<int, text>>", full, half),
                Typed.of("address", home, bare),
                Typed.of("frozen<address>", home, bare),
                Typed.of("list<frozen<address>>", List.of(home, bare)));
    }

    private static List<Typed> create(SharedServer server, CqlSession session, String keyspace) {
        session.execute(
                "CREATE TYPE "
                        + keyspace
                        + ".address (street text, tags frozen<set<text>>, at frozen<tuple<int, text>>)");
        List<Typed> types = new ArrayList<>(natives());
        types.addAll(collections(session, keyspace));
        StringBuilder columns = new StringBuilder("k int PRIMARY KEY");
        for (int i = 0; i < types.size(); i++) {
            columns.append(", c").append(i).append(' ').append(types.get(i).cql());
        }
        session.execute("CREATE TABLE " + keyspace + ".t (" + columns + ")");
        assertThat(server.node().table(keyspace, "t").isClean()).isTrue();
        return types;
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackAsItWent(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String keyspace = server.keyspace();
        List<Typed> types = create(server, session, keyspace);
        String table = keyspace + ".t";
        for (int i = 0; i < types.size(); i++) {
            String column = "c" + i;
            String insert = "INSERT INTO %s (k, %s) VALUES (?, ?)".formatted(table, column);
            String select = "SELECT %s FROM %s WHERE k = ?".formatted(column, table);
            PreparedStatement preparedInsert = session.prepare(insert);
            PreparedStatement preparedSelect = session.prepare(select);
            for (Object value : types.get(i).values()) {
                session.execute(preparedInsert.bind(1, value));
                Row row = one(session, preparedSelect.bind(1));
                assertThat(row.getObject(0)).as(types.get(i).cql()).isEqualTo(value);
                session.execute(SimpleStatement.newInstance(insert, 2, value));
                row = one(session, SimpleStatement.newInstance(select, 2));
                assertThat(row.getObject(column)).as(types.get(i).cql()).isEqualTo(value);
                session.execute(
                        SimpleStatement.newInstance(
                                "INSERT INTO %s (k, %s) VALUES (:key, :\"Value\")"
                                        .formatted(table, column),
                                Map.of("key", 3, "\"Value\"", value)));
                row = one(session, SimpleStatement.newInstance(select, 3));
                assertThat(row.getObject(0)).as(types.get(i).cql()).isEqualTo(value);
            }
        }
    }

    private static Row one(
            CqlSession session, com.datastax.oss.driver.api.core.cql.Statement<?> statement) {
        Row row = session.execute(statement).one();
        if (row == null) {
            throw new AssertionError("no row");
        }
        return row;
    }

    @ParameterizedTest
    @EnumSource
    void nullDeletesAndUnsetLeaves(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, a int, b set<int>)");
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (k, a, b) VALUES (?, ?, ?)");
        session.execute(insert.bind(1, 10, Set.of(1, 2)));
        BoundStatementBuilder unset = insert.boundStatementBuilder().setInt(0, 1);
        session.execute(unset.build());
        PreparedStatement select = session.prepare("SELECT a, b FROM " + table + " WHERE k = ?");
        Row row = one(session, select.bind(1));
        assertThat(row.getInt("a")).isEqualTo(10);
        assertThat(row.getSet("b", Integer.class)).containsExactly(1, 2);
        session.execute(insert.bind(1, null, null));
        row = one(session, select.bind(1));
        assertThat(row.isNull("a")).isTrue();
        assertThat(row.isNull("b")).isTrue();
    }
}
