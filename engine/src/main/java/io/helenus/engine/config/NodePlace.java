package io.helenus.engine.config;

import io.helenus.gossip.snitch.RackDcProperties;
import io.helenus.gossip.snitch.SimpleSnitch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settles data centre and rack of a node: what was set, or what the snitch's file says. Used while
/// settings are built.
final class NodePlace {
    private static final String FILE_NAME = "cassandra-rackdc.properties";

    private final SettingValues values;
    private final List<String> problems;

    /// @param problems gets what is wrong
    NodePlace(SettingValues values, List<String> problems) {
        this.values = values;
        this.problems = problems;
    }

    /// @param folder of the settings file; null if there is none
    void settle(@Nullable Path folder) {
        if (!values.isGiven(Setting.ENDPOINT_SNITCH)) {
            return;
        }
        switch (values.get(Setting.ENDPOINT_SNITCH)) {
            case SIMPLE -> requireSimple();
            case GOSSIPING_PROPERTY_FILE -> readFile(folder);
        }
    }

    private void requireSimple() {
        requireSimple(Setting.DATA_CENTER, SimpleSnitch.EVERYWHERE.dataCenter());
        requireSimple(Setting.RACK, SimpleSnitch.EVERYWHERE.rack());
    }

    private void requireSimple(Setting<String> setting, String only) {
        String value = values.get(setting);
        if (!value.equals(only)) {
            problems.add(
                    "%s is '%s', but endpoint_snitch is SimpleSnitch, for which all nodes are in %s"
                            .formatted(setting.name(), value, SimpleSnitch.EVERYWHERE));
        }
    }

    private void readFile(@Nullable Path folder) {
        boolean anyGiven = values.isGiven(Setting.DATA_CENTER) || values.isGiven(Setting.RACK);
        boolean allGiven = values.isGiven(Setting.DATA_CENTER) && values.isGiven(Setting.RACK);
        if (allGiven) {
            return;
        }
        Path file = folder == null ? null : folder.resolve(FILE_NAME);
        if (file == null || !Files.exists(file)) {
            if (!anyGiven) {
                problems.add(
                        "endpoint_snitch is GossipingPropertyFileSnitch: data_center and rack must be set, or %s must be there"
                                .formatted(file == null ? FILE_NAME : file));
            }
            return;
        }
        try {
            RackDcProperties properties =
                    RackDcProperties.parse(
                            file.toString(), Files.readString(file, StandardCharsets.UTF_8));
            if (properties.preferLocal()) {
                problems.add("%s: prefer_local=true is not supported".formatted(file));
            }
            take(Setting.DATA_CENTER, properties.location().dataCenter(), file);
            take(Setting.RACK, properties.location().rack(), file);
        } catch (NoSuchFileException e) {
            problems.add(file + ": there is no such file");
        } catch (IOException e) {
            problems.add("%s: cannot be read: %s".formatted(file, e.getMessage()));
        } catch (RackDcProperties.InvalidException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void take(Setting<String> setting, String value, Path file) {
        if (values.isGiven(setting)) {
            return;
        }
        try {
            values.put(setting, value);
        } catch (InvalidValueException e) {
            problems.add(
                    "%s is '%s', must be %s (%s)"
                            .formatted(setting.name(), value, e.wanted(), file));
        }
    }
}
