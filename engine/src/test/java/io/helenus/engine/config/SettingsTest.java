package io.helenus.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.helenus.commitlog.SegmentKind;
import io.helenus.commitlog.SyncMode;
import io.helenus.engine.transport.IoTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final long MIB = 1L << 20;
    private static final Machine MACHINE = new Machine(1L << 30, 2, Path.of("/home/ada"));

    @TempDir Path directory;

    private static Settings with(String name, String value) {
        return Settings.builder(MACHINE).set(name, value).build();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("helenus.yaml"), text, StandardCharsets.UTF_8);
    }

    @Test
    void everythingHasADefault() {
        Settings settings = Settings.defaults(MACHINE);

        assertThat(settings.texts()).hasSize(Setting.all().size());
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/home/ada/.helenus/data"));
        assertThat(settings.commitLog().directory())
                .isEqualTo(Path.of("/home/ada/.helenus/data/commitlog"));
        assertThat(settings.nativeAddress())
                .hasValueSatisfying(address -> assertThat(address).hasToString("/127.0.0.1:9042"));
        assertThat(settings.transport().loops()).isEqualTo(2);
        assertThat(settings.transport().connectionsMax()).isZero();
    }

    @Test
    void memoryIsDerivedFromTheHeap() {
        Settings settings = Settings.defaults(new Machine(4L << 30, 8, Path.of("/")));

        assertThat(settings.memoryBytes()).isEqualTo(3072 * MIB);
        assertThat(settings.memtableBytes()).isEqualTo(1024 * MIB);
        assertThat(settings.blockCacheBytes()).isEqualTo(1024 * MIB);
        assertThat(settings.transport().inFlightBytesMax()).isEqualTo(256 * MIB);
        assertThat(settings.transport().inFlightBytesPerConnectionMax()).isEqualTo(8 * MIB);
    }

    @Test
    void memoryFollowsItsTotal() {
        Settings settings = with("memory_total", "48MiB");

        assertThat(settings.memtableBytes()).isEqualTo(16 * MIB);
        assertThat(settings.transport().inFlightBytesPerConnectionMax()).isEqualTo(4 * MIB);
        assertThat(settings.transport().frameBytesMax()).isEqualTo(4 * MIB);
    }

    @Test
    void theSmallestHeapHasValidDefaults() {
        Settings settings = Settings.defaults(new Machine(16 * MIB, 1, Path.of("/")));

        assertThat(settings.transport().inFlightBytesMax()).isEqualTo(MIB);
    }

    record Accepted(
            String name, String value, Function<Settings, Object> reader, Object expected) {}

    static Stream<Accepted> accepted() {
        return Stream.of(
                new Accepted("cluster_name", "a b", Settings::clusterName, "a b"),
                new Accepted("data_center", "eu-west_1", Settings::dataCenter, "eu-west_1"),
                new Accepted(
                        "endpoint_snitch",
                        "org.apache.cassandra.locator.SimpleSnitch",
                        Settings::endpointSnitch,
                        EndpointSnitch.SIMPLE),
                new Accepted("phi_convict_threshold", "8.5", Settings::phiConvictThreshold, 8.5),
                new Accepted(
                        "commitlog_sync", "group", s -> s.commitLog().syncMode(), SyncMode.GROUP),
                new Accepted(
                        "commitlog_sync_period",
                        "10000ms",
                        s -> s.commitLog().syncPeriod(),
                        Duration.ofSeconds(10)),
                new Accepted(
                        "commitlog_sync_group_window",
                        "0",
                        s -> s.commitLog().groupWindow(),
                        Duration.ZERO),
                new Accepted(
                        "commitlog_segment_size",
                        "1.5MiB",
                        s -> s.commitLog().segmentBytes(),
                        3 << 19),
                new Accepted(
                        "commitlog_access",
                        "channel",
                        s -> s.commitLog().segmentKind(),
                        SegmentKind.CHANNEL),
                new Accepted(
                        "native_transport_io",
                        "io_uring",
                        s -> s.transport().transport(),
                        IoTransport.IO_URING),
                new Accepted(
                        "native_transport_max_concurrent_connections",
                        "7",
                        s -> s.transport().connectionsMax(),
                        7),
                new Accepted(
                        "rpc_address",
                        "0.0.0.0",
                        s -> s.nativeAddress().orElseThrow().getAddress().isAnyLocalAddress(),
                        true),
                new Accepted(
                        "start_native_transport", "false", s -> s.nativeAddress().isEmpty(), true),
                new Accepted(
                        "data_file_directories",
                        "/a/./b",
                        Settings::dataDirectory,
                        Path.of("/a/b")),
                new Accepted("block_cache_size", "0", Settings::blockCacheBytes, 0L));
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Accepted row) {
        assertThat(row.reader().apply(with(row.name(), row.value()))).isEqualTo(row.expected());
    }

    record Rejected(String name, String value, String message) {}

    static Stream<Rejected> rejected() {
        return Stream.of(
                new Rejected(
                        "native_transport_port",
                        "65536",
                        "native_transport_port is '65536', must be a whole number from 0 to 65535"),
                new Rejected(
                        "num_tokens",
                        "many",
                        "num_tokens is 'many', must be a whole number from 1 to 1024"),
                new Rejected(
                        "commitlog_sync",
                        "Batch",
                        "commitlog_sync is 'Batch', must be one of periodic, group, batch"),
                new Rejected(
                        "commitlog_sync_period",
                        "10000",
                        "commitlog_sync_period is '10000', must be a duration from 1ms to 1d, such as"
                                + " 10s"),
                new Rejected(
                        "commitlog_segment_size",
                        "32MB",
                        "commitlog_segment_size is '32MB', must be a size from 1MiB to 1GiB, a"
                                + " multiple of 4KiB, such as 64MiB"),
                new Rejected(
                        "commitlog_segment_size",
                        "1048577B",
                        "commitlog_segment_size is '1048577B', must be a size from 1MiB to 1GiB, a"
                                + " multiple of 4KiB, such as 64MiB"),
                new Rejected(
                        "memory_total",
                        "99999999999999999999GiB",
                        "memory_total is '99999999999999999999GiB', must be a size from 16MiB to"
                                + " 64TiB, such as 64MiB"),
                new Rejected(
                        "memory_total",
                        "2GiB",
                        "memory_total is 2GiB, must be at most the heap of the JVM (-Xmx), 1GiB"),
                new Rejected(
                        "memtable_space",
                        "1GiB",
                        "memtable_space, block_cache_size, native_transport_max_request_data_in_flight"
                                + " and native_transport_max_result_data_in_flight are 1408MiB together,"
                                + " must be at most memory_total, 768MiB"),
                new Rejected(
                        "commitlog_total_space",
                        "16MiB",
                        "commitlog_segment_size is 32MiB, must be at most commitlog_total_space,"
                                + " 16MiB"),
                new Rejected(
                        "native_transport_max_frame_size",
                        "65MiB",
                        "native_transport_max_frame_size is 65MiB, must be at most"
                                + " native_transport_max_request_data_in_flight, 64MiB"),
                new Rejected(
                        "initial_token",
                        "1,2",
                        "initial_token has 2 tokens, must have as many as num_tokens says, 16"),
                new Rejected(
                        "initial_token",
                        "1,1",
                        "initial_token is '1,1', must be different whole numbers from"
                                + " -9223372036854775807 to 9223372036854775807, separated by commas"),
                new Rejected(
                        "start_native_transport",
                        "yes",
                        "start_native_transport is 'yes', must be true or false"),
                new Rejected(
                        "listen_address",
                        "0.0.0.0",
                        "listen_address is '0.0.0.0', must be one IP address or a host name"),
                new Rejected(
                        "data_file_directories",
                        "/a,/b",
                        "data_file_directories is '/a,/b', must be a list of one directory"),
                new Rejected(
                        "rack",
                        "",
                        "rack is '', must be a name of letters, digits, underscores,"
                                + " dots and dashes"),
                new Rejected(
                        "clustr_name",
                        "x",
                        "unknown setting 'clustr_name'; did you mean 'cluster_name'?"),
                new Rejected(
                        "commitlog_sync_period_in_ms",
                        "10000",
                        "unknown setting 'commitlog_sync_period_in_ms'; did you mean"
                                + " 'commitlog_sync_period'?"),
                new Rejected("authenticator", "x", "unknown setting 'authenticator'"));
    }

    @ParameterizedTest
    @MethodSource
    void rejected(Rejected row) {
        assertThatThrownBy(() -> with(row.name(), row.value()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(row.message());
    }

    @Test
    void laterSettingsReplaceEarlierOnes() throws IOException {
        Path file = file("cluster_name: from file\nrack: r7\n");

        Settings settings =
                Settings.builder(MACHINE).file(file).assignment("cluster_name=a=b").build();

        assertThat(settings.clusterName()).isEqualTo("a=b");
        assertThat(settings.rack()).isEqualTo("r7");
    }

    @Test
    void anAssignmentHasAName() {
        assertThatThrownBy(() -> Settings.builder(MACHINE).assignment("=x").build())
                .hasMessage("'=x' is not of the form name=value");
    }

    @Test
    void listsMayBeWrittenAsYamlLists() throws IOException {
        Path file =
                file(
                        """
                        data_file_directories:
                          - /var/lib/helenus
                        num_tokens: 3
                        initial_token: [30, -10, 20]
                        """);

        Settings settings = Settings.builder(MACHINE).file(file).build();

        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/var/lib/helenus"));
        assertThat(settings.initialTokens()).containsExactly(-10L, 20L, 30L);
    }

    @Test
    void allMistakesAreReportedWithTheirLines() throws IOException {
        Path file =
                file(
                        """
                        # comment
                        native_transport_port: http
                        seed_provider:
                          - class_name: x
                        rack:
                        cluster_name: a
                        cluster_name: b
                        data_center: [a, b]
                        """);

        SettingsException thrown =
                catchThrowableOfType(
                        SettingsException.class,
                        () -> Settings.builder(MACHINE).file(file).set("num_tokens", "0").build());

        assertThat(thrown.problems())
                .containsExactlyInAnyOrder(
                        "native_transport_port is 'http', must be a whole number from 0 to 65535"
                                + " (%s, line 2)".formatted(file),
                        "there is no 'seed_provider': 'seeds' is a list of the addresses (%s, line 3)"
                                .formatted(file),
                        "rack has no value (%s, line 5)".formatted(file),
                        "cluster_name is set twice (%s, line 7)".formatted(file),
                        "data_center is 'a,b', must be a single value (%s, line 8)".formatted(file),
                        "num_tokens is '0', must be a whole number from 1 to 1024");
    }

    record BadFile(String text, String message) {}

    static Stream<BadFile> filesThatAreNoSettings() {
        return Stream.of(
                new BadFile("- a\n", "must consist of lines like \"name: value\""),
                new BadFile("just words\n", "must consist of lines like \"name: value\""),
                new BadFile("a: [1\n", "helenus.yaml, line "),
                new BadFile("\"a: 1\n", "helenus.yaml, line "));
    }

    @ParameterizedTest
    @MethodSource
    void filesThatAreNoSettings(BadFile row) throws IOException {
        Path file = file(row.text());

        assertThatThrownBy(() -> Settings.builder(MACHINE).file(file).build())
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(row.message());
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = directory.resolve("missing.yaml");

        assertThatThrownBy(() -> Settings.builder(MACHINE).file(missing))
                .isInstanceOf(SettingsException.class)
                .hasMessage(missing + ": there is no such file");
    }

    /// What [Settings#texts] says reads as the same settings.
    @Test
    void textsReadAsTheSameSettings() {
        Settings settings =
                Settings.builder(MACHINE)
                        .set("num_tokens", "2")
                        .set("initial_token", "5, -5")
                        .set("commitlog_sync_period", "1500ms")
                        .set("native_transport_max_frame_size", "1537B")
                        .build();
        Settings.Builder again = Settings.builder(MACHINE);
        settings.texts().forEach(again::set);

        assertThat(again.build()).isEqualTo(settings).hasSameHashCodeAs(settings);
        assertThat(settings.texts())
                .containsEntry("commitlog_sync_period", "1500ms")
                .containsEntry("native_transport_max_frame_size", "1537B");
    }

    @Test
    void theSnitchFollowsThePlaceUnlessItIsSaid() {
        assertThat(Settings.defaults(MACHINE).endpointSnitch()).isEqualTo(EndpointSnitch.SIMPLE);
        assertThat(with("rack", "r2").endpointSnitch())
                .isEqualTo(EndpointSnitch.GOSSIPING_PROPERTY_FILE);
    }

    @Test
    void thePlaceIsInTheFileOfThePropertySnitch() throws IOException {
        Path _ =
                Files.writeString(
                        directory.resolve("cassandra-rackdc.properties"),
                        "dc=east\nrack=r7\n",
                        StandardCharsets.UTF_8);
        Path file = file("endpoint_snitch: GossipingPropertyFileSnitch\n");

        Settings ofFile = Settings.builder(MACHINE).file(file).build();
        assertThat(ofFile.dataCenter()).isEqualTo("east");
        assertThat(ofFile.rack()).isEqualTo("r7");
        Settings other = Settings.builder(MACHINE).file(file).set("data_center", "west").build();
        assertThat(other.dataCenter()).isEqualTo("west");
        assertThat(other.rack()).isEqualTo("r7");
    }

    record BadPlace(String yaml, String properties, String message) {}

    static Stream<BadPlace> badPlaces() {
        String property = "endpoint_snitch: GossipingPropertyFileSnitch\n";
        return Stream.of(
                new BadPlace(
                        "endpoint_snitch: SimpleSnitch\nrack: r2\n",
                        "",
                        "rack is 'r2', but endpoint_snitch is SimpleSnitch, for which all nodes are in"
                                + " datacenter1:rack1"),
                new BadPlace(
                        "endpoint_snitch: Ec2Snitch\n",
                        "",
                        "endpoint_snitch is 'Ec2Snitch', must be SimpleSnitch or"
                                + " GossipingPropertyFileSnitch"),
                new BadPlace(
                        "phi_convict_threshold: 4.9\n",
                        "",
                        "phi_convict_threshold is '4.9', must be a number from 5 to 16"),
                new BadPlace(
                        "phi_convict_threshold: NaN\n",
                        "",
                        "phi_convict_threshold is 'NaN', must be a number from 5 to 16"),
                new BadPlace(property, "", "cassandra-rackdc.properties must be there"),
                new BadPlace(property, "dc=east\n", "cassandra-rackdc.properties: rack is missing"),
                new BadPlace(property, "dc=e t\nrack=r\n", "data_center is 'e t', must be a name"),
                new BadPlace(
                        property,
                        "dc=e\nrack=r\nprefer_local=true\n",
                        "prefer_local=true is not supported"));
    }

    @ParameterizedTest
    @MethodSource
    void badPlaces(BadPlace row) throws IOException {
        if (!row.properties().isEmpty()) {
            Path _ =
                    Files.writeString(
                            directory.resolve("cassandra-rackdc.properties"),
                            row.properties(),
                            StandardCharsets.UTF_8);
        }
        Path file = file(row.yaml());

        assertThatThrownBy(() -> Settings.builder(MACHINE).file(file).build())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(row.message());
    }

    /// The file as delivered changes nothing, names every setting in the order of the code, and the
    /// values that it shows are the defaults.
    @Test
    void theDeliveredFileShowsTheDefaults() throws IOException {
        Path delivered = Path.of(System.getProperty("helenus.root"), "conf", "helenus.yaml");
        Settings defaults = Settings.defaults(MACHINE);
        assertThat(Settings.builder(MACHINE).file(delivered).build()).isEqualTo(defaults);

        String uncommented =
                Files.readAllLines(delivered, StandardCharsets.UTF_8).stream()
                        .filter(line -> line.matches("# [a-z_]+: \\S.*"))
                        .filter(line -> line.split(" ").length == 3)
                        .map(line -> line.substring(2) + "\n")
                        .reduce("", String::concat);

        Map<String, String> shown =
                Settings.builder(MACHINE).file(file(uncommented)).build().texts();
        assertThat(shown).isEqualTo(defaults.texts());
        assertThat(uncommented.lines().map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactlyElementsOf(defaults.texts().keySet());
    }
}
