package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Errors arrive as the driver's own class for their code, with a text that names what is wrong.
@ExtendWith(SharedServer.Extension.class)
final class DriverErrorsTest {
    record Refused(String cql, Class<? extends Throwable> error, String named) {}

    private static List<Refused> refused(String keyspace) {
        return List.of(
                new Refused("SELEC * FROM t", SyntaxError.class, "line 1:0"),
                new Refused("SELECT * FROM %s.t WHERE", SyntaxError.class, "line 1:"),
                new Refused("SELECT * FROM %s.nope", InvalidQueryException.class, "nope"),
                new Refused("SELECT * FROM nowhere.t", InvalidQueryException.class, "nowhere"),
                new Refused("SELECT nope FROM %s.t", InvalidQueryException.class, "nope"),
                new Refused(
                        "SELECT * FROM t",
                        InvalidQueryException.class,
                        "No keyspace has been specified"),
                new Refused(
                        "INSERT INTO %s.t (k) VALUES ('a')",
                        InvalidQueryException.class, "Invalid STRING constant (a)"),
                new Refused("INSERT INTO %s.t (v) VALUES (1)", InvalidQueryException.class, "k"),
                new Refused("INSERT INTO %s.t (k) VALUES (null)", InvalidQueryException.class, "k"),
                new Refused("UPDATE %s.t SET k = 2 WHERE k = 1", InvalidQueryException.class, "k"),
                new Refused(
                        "SELECT * FROM %s.t WHERE v = 1",
                        InvalidQueryException.class, "ALLOW FILTERING"),
                new Refused("SELECT * FROM %s.t LIMIT 0", InvalidQueryException.class, "LIMIT"),
                new Refused(
                        "CREATE TABLE %s.t (k int PRIMARY KEY)", AlreadyExistsException.class, "t"),
                new Refused(
                        "CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
                        AlreadyExistsException.class, keyspace),
                new Refused(
                        "CREATE KEYSPACE other WITH replication = {'class': 'Nope'}",
                        InvalidConfigurationInQueryException.class,
                        "Nope"),
                new Refused(
                        "CREATE TABLE %s.u (k int PRIMARY KEY) WITH gc_grace_seconds = -1",
                        InvalidConfigurationInQueryException.class, "gc_grace_seconds"),
                new Refused("DROP TABLE %s.nope", InvalidQueryException.class, "nope"),
                new Refused("DROP KEYSPACE nowhere", InvalidQueryException.class, "nowhere"));
    }

    @ParameterizedTest
    @EnumSource
    void errorsHaveTheirCodes(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String keyspace = server.keyspace();
        session.execute("CREATE TABLE " + keyspace + ".t (k int PRIMARY KEY, v int)");
        for (Refused each : refused(keyspace)) {
            String cql = each.cql().replace("%s", keyspace);
            assertThat(catchThrowable(() -> session.execute(cql)))
                    .as(cql)
                    .isInstanceOf(each.error())
                    .hasMessageContaining(each.named());
        }
    }

    @ParameterizedTest
    @EnumSource
    void quorumOfThreeIsUnavailableOnOneNode(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String keyspace = server.keyspace() + "_three";
        session.execute(
                "CREATE KEYSPACE "
                        + keyspace
                        + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
        session.execute("CREATE TABLE " + keyspace + ".t (k int PRIMARY KEY)");
        session.execute("INSERT INTO " + keyspace + ".t (k) VALUES (1)");
        for (String cql :
                List.of(
                        "INSERT INTO " + keyspace + ".t (k) VALUES (2)",
                        "SELECT * FROM " + keyspace + ".t WHERE k = 1")) {
            Throwable thrown =
                    catchThrowable(() ->
                            session.execute(
                                    SimpleStatement.newInstance(cql)
                                            .setConsistencyLevel(DefaultConsistencyLevel.QUORUM)));
            UnavailableException error = unavailable(thrown);
            assertThat(error.getRequired()).isEqualTo(2);
            assertThat(error.getAlive()).isEqualTo(1);
            assertThat(error.getConsistencyLevel()).isEqualTo(DefaultConsistencyLevel.QUORUM);
        }
    }

    private static UnavailableException unavailable(Throwable thrown) {
        if (thrown instanceof AllNodesFailedException all) {
            thrown = all.getAllErrors().values().iterator().next().getFirst();
        }
        assertThat(thrown).isInstanceOf(UnavailableException.class);
        return (UnavailableException) thrown;
    }

    @Test
    void partitionKeysOutsideTheirLimitsAreRefused(SharedServer server) {
        CqlSession session = server.session(Wire.V5);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k text PRIMARY KEY)");
        PreparedStatement insert = session.prepare("INSERT INTO " + table + " (k) VALUES (?)");
        session.execute(insert.bind("x".repeat(65_535)));
        assertThat(catchThrowable(() -> session.execute(insert.bind("x".repeat(65_536)))))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("65535");
        assertThat(catchThrowable(() -> session.execute(insert.bind(""))))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("Key may not be empty");
    }

    /// The server answers UNPREPARED, and the driver prepares again without the application's help.
    @ParameterizedTest
    @EnumSource
    void statementOfATableMadeAnewIsPreparedAgain(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)");
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (k, v) VALUES (?, ?)");
        PreparedStatement select = session.prepare("SELECT * FROM " + table + " WHERE k = ?");
        session.execute(insert.bind(1, 1));
        session.execute("DROP TABLE " + table);
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)");
        assertThat(session.execute(select.bind(1)).all()).isEmpty();
        session.execute(insert.bind(1, 2));
        assertThat(Objects.requireNonNull(session.execute(select.bind(1)).one(), "row").getInt("v"))
                .isEqualTo(2);
    }

    /// In v5 the server tells that a statement's result looks different now.
    @Test
    void resultOfAnAlteredTableHasTheNewColumn(SharedServer server) {
        CqlSession session = server.session(Wire.V5);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)");
        PreparedStatement select = session.prepare("SELECT * FROM " + table + " WHERE k = ?");
        session.execute("INSERT INTO " + table + " (k, v) VALUES (1, 2)");
        assertThat(session.execute(select.bind(1)).getColumnDefinitions()).hasSize(2);
        session.execute("ALTER TABLE " + table + " ADD added text");
        session.execute("UPDATE " + table + " SET added = 'new' WHERE k = 1");
        var row = Objects.requireNonNull(session.execute(select.bind(1)).one(), "row");
        assertThat(row.getString("added")).isEqualTo("new");
        assertThat(row.getInt("v")).isEqualTo(2);
    }
}
