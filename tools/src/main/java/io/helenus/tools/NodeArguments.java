package io.helenus.tools;

import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import io.helenus.engine.config.SettingsException;
import io.helenus.tools.ArgumentParser.Option;
import io.helenus.tools.ArgumentParser.Parsed;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The options of commands that start a node, and the settings that they amount to: the settings file,
/// then `--set`, then the options that have a name of their own.
final class NodeArguments {
    private static final String DATA_VARIABLE = "HELENUS_DATA";
    private static final String DATA_SETTING = "data_file_directories";

    static final List<Option> OPTIONS =
            List.of(
                    new Option("--config", "FILE", "Read settings from this file."),
                    new Option(
                            "--data",
                            "DIR",
                            "The node's directory (default: $HELENUS_DATA, ~/.helenus/data)."),
                    new Option("--address", "IP", "Listen on this address (default: 127.0.0.1)."),
                    new Option("--native-port", "N", "Port for clients (default: 9042)."),
                    new Option("--internode-port", "N", "Port for other nodes (default: 7000)."),
                    new Option("--seeds", "IP,IP", "Nodes that know who is in the cluster."),
                    new Option("--dc", "NAME", "Data centre (default: datacenter1)."),
                    new Option("--rack", "NAME", "Rack (default: rack1)."),
                    new Option("--set", "KEY=VALUE", "A setting, as in conf/helenus.yaml.", true));

    /// Options that are another way to write settings.
    private static final Map<String, List<String>> SETTINGS =
            Map.of(
                    "--data", List.of(DATA_SETTING),
                    "--address", List.of("listen_address", "rpc_address"),
                    "--native-port", List.of("native_transport_port"),
                    "--internode-port", List.of("storage_port"),
                    "--seeds", List.of("seeds"),
                    "--dc", List.of("data_center"),
                    "--rack", List.of("rack"));

    private NodeArguments() {}

    /// @param defaultConfig read if there is no `--config`
    static Settings settings(
            Parsed parsed,
            Machine machine,
            Map<String, String> variables,
            Optional<Path> defaultConfig)
            throws UsageException {
        try {
            Settings.Builder builder = Settings.builder(machine);
            Optional<String> config = parsed.value("--config");
            if (config.isPresent()) {
                builder.file(Path.of(config.get()));
            } else {
                defaultConfig.ifPresent(builder::file);
            }
            parsed.values("--set").forEach(builder::assignment);
            SETTINGS.forEach((option, names) ->
                    parsed.value(option)
                            .ifPresent(value -> names.forEach(name -> builder.set(name, value))));
            String fromVariable = variables.get(DATA_VARIABLE);
            if (!builder.isSet(DATA_SETTING) && fromVariable != null) {
                builder.set(DATA_SETTING, fromVariable);
            }
            return builder.build();
        } catch (SettingsException | InvalidPathException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
