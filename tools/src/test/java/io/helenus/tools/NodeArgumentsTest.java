package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeArgumentsTest {
    private static final Machine MACHINE = new Machine(1L << 30, 2, Path.of("/home/ada"));
    private static final ArgumentParser PARSER =
            new ArgumentParser("test", "", NodeArguments.OPTIONS);

    @TempDir Path directory;

    private static Settings settings(
            Map<String, String> variables, Optional<Path> config, String... arguments)
            throws UsageException {
        return NodeArguments.settings(PARSER.parse(List.of(arguments)), MACHINE, variables, config);
    }

    private Path config(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
    }

    @Test
    void optionsBecomeSettings() throws UsageException {
        Settings settings =
                settings(
                        Map.of(),
                        Optional.empty(),
                        "--data=/d",
                        "--address=127.0.0.2",
                        "--native-port=1",
                        "--internode-port=2",
                        "--dc=d",
                        "--rack=r",
                        "--set=cluster_name=c");

        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/d"));
        assertThat(settings.listenAddress()).hasToString("/127.0.0.2");
        assertThat(settings.nativeAddress().orElseThrow()).hasToString("/127.0.0.2:1");
        assertThat(settings.storagePort()).isEqualTo(2);
        assertThat(settings.dataCenter()).isEqualTo("d");
        assertThat(settings.rack()).isEqualTo("r");
        assertThat(settings.clusterName()).isEqualTo("c");
    }

    @Test
    void optionsWinOverAssignmentsAndTheseOverTheFile() throws Exception {
        Path file = config("a.yaml", "rack: file\ndata_center: file\ncluster_name: file\n");

        Settings settings =
                settings(
                        Map.of(),
                        Optional.of(file),
                        "--rack=option",
                        "--set=rack=set",
                        "--set=data_center=set");

        assertThat(settings.rack()).isEqualTo("option");
        assertThat(settings.dataCenter()).isEqualTo("set");
        assertThat(settings.clusterName()).isEqualTo("file");
    }

    @Test
    void aGivenFileReplacesTheDefaultOne() throws Exception {
        Path given = config("a.yaml", "rack: given\n");
        Path standard = config("b.yaml", "rack: standard\ncluster_name: standard\n");

        Settings settings = settings(Map.of(), Optional.of(standard), "--config", given.toString());

        assertThat(settings.rack()).isEqualTo("given");
        assertThat(settings.clusterName()).isEqualTo("Helenus");
    }

    @Test
    void theVariableForDataIsForThoseWhoSayNothingElse() throws Exception {
        Map<String, String> variables = Map.of("HELENUS_DATA", "/variable");
        Path file = config("a.yaml", "data_file_directories: [/file]\n");

        assertThat(settings(variables, Optional.empty()).dataDirectory())
                .isEqualTo(Path.of("/variable"));
        assertThat(settings(variables, Optional.of(file)).dataDirectory())
                .isEqualTo(Path.of("/file"));
        assertThat(settings(variables, Optional.of(file), "--data=/option").dataDirectory())
                .isEqualTo(Path.of("/option"));
    }

    @Test
    void seedsAreAddressesPerhapsWithPorts() throws UsageException {
        assertThat(settings(Map.of(), Optional.empty(), "--seeds=127.0.0.1,127.0.0.2:7001").seeds())
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7000),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 7001));
    }

    record Rejected(String argument, String message) {}

    static Stream<Rejected> rejected() {
        return Stream.of(
                new Rejected(
                        "--seeds=127.0.0.1,127.0.0.1",
                        "seeds is '127.0.0.1,127.0.0.1', must be different IP addresses or host names"
                                + " of nodes, separated by commas, each with :port if that is not"
                                + " storage_port"),
                new Rejected(
                        "--native-port=http",
                        "native_transport_port is 'http', must be a whole number from 0 to 65535"),
                new Rejected("--set=rack", "'rack' is not of the form name=value"),
                new Rejected("--config=/none/x.yaml", "/none/x.yaml: there is no such file"));
    }

    @ParameterizedTest
    @MethodSource
    void rejected(Rejected row) {
        assertThatThrownBy(() -> settings(Map.of(), Optional.empty(), row.argument()))
                .isInstanceOf(UsageException.class)
                .hasMessage(row.message());
    }
}
