package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandParserTest {
    private static final UUID ID = UUID.fromString("50554d6e-29bb-11e5-b345-feff819cdc9f");

    record Parsed(String text, Command command) {}

    static Stream<Parsed> parsed() {
        return Stream.of(
                new Parsed("SELECT 1;", new Command.Statement("SELECT 1;")),
                new Parsed("use ks", new Command.Statement("use ks")),
                new Parsed("nonsense", new Command.Statement("nonsense")),
                new Parsed("HELP", new Command.Help(List.of())),
                new Parsed("? paging;", new Command.Help(List.of("paging"))),
                new Parsed("desc TABLES;", new Command.Describe("desc TABLES;", "tables")),
                new Parsed("Consistency", new Command.Consistency(null)),
                new Parsed(
                        "CONSISTENCY local_one;",
                        new Command.Consistency(DefaultConsistencyLevel.LOCAL_ONE)),
                new Parsed("serial consistency", new Command.SerialConsistency(null)),
                new Parsed(
                        "SERIAL CONSISTENCY SERIAL",
                        new Command.SerialConsistency(DefaultConsistencyLevel.SERIAL)),
                new Parsed("PAGING", new Command.Paging(null, null)),
                new Parsed("paging off", new Command.Paging(false, null)),
                new Parsed("paging 50;", new Command.Paging(true, 50)),
                new Parsed("EXPAND ON;", new Command.Expand(true)),
                new Parsed("TRACING off", new Command.Tracing(false)),
                new Parsed("SHOW VERSION", new Command.ShowVersion()),
                new Parsed("show host;", new Command.ShowHost()),
                new Parsed("SHOW SESSION " + ID + ";", new Command.ShowSession(ID)),
                new Parsed("SOURCE 'a b;c.cql';", new Command.Source("a b;c.cql")),
                new Parsed("capture 'it''s'", new Command.CaptureTo("it's")),
                new Parsed("CAPTURE off;", new Command.CaptureOff()),
                new Parsed("CAPTURE", new Command.CaptureState()),
                new Parsed("cls", new Command.Clear()),
                new Parsed("QUIT;", new Command.Exit()),
                new Parsed("HISTORY 5", new Command.History(5)),
                new Parsed("history", new Command.History(null)),
                new Parsed("LOGIN alice", new Command.Login("alice", null)),
                new Parsed("LOGIN \"Al\" 'p w'", new Command.Login("Al", "p w")));
    }

    @ParameterizedTest
    @MethodSource("parsed")
    void aCommandIsKnownByItsFirstWord(Parsed row) throws CommandException {
        assertThat(CommandParser.parse(row.text)).isEqualTo(row.command);
    }

    record Refused(String text, String named) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("CONSISTENCY MANY", "'MANY'"),
                new Refused("SERIAL", "SERIAL CONSISTENCY"),
                new Refused("SERIAL CONSISTENCY QUORUM", "LOCAL_SERIAL"),
                new Refused("PAGING maybe", "'maybe'"),
                new Refused("PAGING 0", "PAGING OFF"),
                new Refused("PAGING 99999999999", "99999999999"),
                new Refused("EXPAND maybe", "'maybe'"),
                new Refused("SHOW", "SHOW VERSION"),
                new Refused("SHOW SESSION x", "'x'"),
                new Refused("SHOW REPLICAS 1", "SHOW REPLICAS"),
                new Refused("SOURCE file.cql", "single quotes"),
                new Refused("CAPTURE file.txt", "single quotes"),
                new Refused("EXIT now", "EXIT"),
                new Refused("HISTORY all", "'all'"),
                new Refused("LOGIN", "LOGIN user"),
                new Refused("DESCRIBE", "HELP DESCRIBE"),
                new Refused("COPY t FROM 'x'", "helenus bulk"),
                new Refused("DEBUG", "DEBUG"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aWrongCommandIsRefusedWithWhatIsWrong(Refused row) {
        assertThatThrownBy(() -> CommandParser.parse(row.text))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(row.named);
    }
}
