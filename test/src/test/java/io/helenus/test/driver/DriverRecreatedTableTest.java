package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A table that is dropped and made anew while statements on it are prepared.
@ExtendWith(SharedServer.Extension.class)
final class DriverRecreatedTableTest {
    @ParameterizedTest
    @EnumSource(Wire.class)
    void statementsArePreparedAgain(Wire wire, SharedServer server) {
        prepareDropAndCreate(wire, server, "");
    }

    /// As who restores a snapshot creates it.
    @ParameterizedTest
    @EnumSource(Wire.class)
    void soTheyAreIfTheTableComesBackWithItsId(Wire wire, SharedServer server) {
        prepareDropAndCreate(wire, server, " WITH ID = " + UUID.randomUUID());
    }

    private static void prepareDropAndCreate(Wire wire, SharedServer server, String options) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)" + options);
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (k, v) VALUES (?, ?)");
        PreparedStatement select = session.prepare("SELECT * FROM " + table + " WHERE k = ?");
        session.execute(insert.bind(1, 2));

        session.execute("DROP TABLE " + table);
        assertThatThrownBy(() -> session.execute(insert.bind(1, 2)))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("does not exist");

        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v double)" + options);
        assertThatThrownBy(() -> session.execute(insert.bind(1, 2)))
                .as("the driver bound four bytes, as it knows the column")
                .isInstanceOf(InvalidQueryException.class);
        assertThat(session.execute("SELECT * FROM " + table).all()).isEmpty();
        session.execute("INSERT INTO " + table + " (k, v) VALUES (1, 2.5)");
        if (wire == Wire.V5
                || wire == Wire.V5_LZ4) { // before, drivers believe what they were told first
            Row row = Objects.requireNonNull(session.execute(select.bind(1)).one());
            assertThat(row.getDouble("v")).isEqualTo(2.5);
        }
    }
}
