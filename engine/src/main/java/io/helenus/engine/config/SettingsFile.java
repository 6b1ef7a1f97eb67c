package io.helenus.engine.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads a YAML file into names and texts, with the place of each.
final class SettingsFile {

    /// A value as it stands somewhere.
    ///
    /// @param list whether it was written as a list; its elements are then separated by commas
    /// @param origin where: "conf/helenus.yaml, line 12"
    record Entry(String name, String text, boolean list, String origin) {}

    private final Path file;
    private final List<String> problems;

    private SettingsFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /// @param problems gets what is wrong with the file
    static List<Entry> read(Path file, List<String> problems) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": there is no such file");
        } catch (MalformedInputException e) {
            throw new SettingsException(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new SettingsException("%s: cannot be read: %s".formatted(file, e.getMessage()));
        }
        if (text.lines().allMatch(SettingsFile::isComment)) {
            return List.of(); // spares a start with the file as delivered the parser's classes
        }
        return new SettingsFile(file, problems).parse(text);
    }

    private static boolean isComment(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() || stripped.startsWith("#");
    }

    private List<Entry> parse(String text) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(file.toString()).setUseMarks(true).build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            throw new SettingsException(
                    "%s: %s".formatted(origin(e.getProblemMark()), e.getProblem()));
        } catch (YamlEngineException e) {
            throw new SettingsException("%s: %s".formatted(file, e.getMessage()));
        }
        if (root.isEmpty()) {
            return List.of();
        }
        if (!(root.get() instanceof MappingNode mapping)) {
            throw new SettingsException(file + ": must consist of lines like \"name: value\"");
        }
        List<Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            entry(tuple, entries);
        }
        return entries;
    }

    private void entry(NodeTuple tuple, List<Entry> entries) {
        String origin = origin(tuple.getKeyNode().getStartMark());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problems.add(origin + ": the name of a setting is missing");
            return;
        }
        String name = key.getValue();
        boolean twice = entries.stream().anyMatch(entry -> entry.name().equals(name));
        if (twice) {
            problems.add("%s is set twice (%s)".formatted(name, origin));
            return;
        }
        switch (tuple.getValueNode()) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) ->
                    problems.add("%s has no value (%s)".formatted(name, origin));
            case ScalarNode scalar ->
                    entries.add(new Entry(name, scalar.getValue(), false, origin));
            case SequenceNode list
                    when list.getValue().stream().allMatch(ScalarNode.class::isInstance) ->
                    entries.add(new Entry(name, joined(list), true, origin));
            default -> entries.add(new Entry(name, "a nested value", true, origin));
        }
    }

    private static String joined(SequenceNode list) {
        return list.getValue().stream()
                .map(node -> ((ScalarNode) node).getValue())
                .collect(Collectors.joining(","));
    }

    private String origin(Optional<Mark> mark) {
        return mark.map(at -> "%s, line %d".formatted(file, at.getLine() + 1))
                .orElseGet(file::toString);
    }
}
