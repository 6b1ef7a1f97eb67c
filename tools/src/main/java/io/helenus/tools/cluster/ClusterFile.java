package io.helenus.tools.cluster;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `cluster.json` says. Immutable; every change is written at once, whole.
///
/// @param seeds addresses that all nodes are told
/// @param settings `name=value`, for all nodes
record ClusterFile(List<LocalNode> nodes, List<String> seeds, List<String> settings) {
    private static final String NAME = "cluster.json";
    private static final String LOCK_NAME = "cluster.lock";
    private static final long FORMAT = 1;

    ClusterFile {
        nodes = List.copyOf(nodes);
        seeds = List.copyOf(seeds);
        settings = List.copyOf(settings);
    }

    /// @return nothing if the directory is none of a cluster
    static Optional<ClusterFile> read(Path directory) throws ClusterFailure {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Json.parse(Files.readString(file, StandardCharsets.UTF_8))));
        } catch (IOException | IllegalArgumentException e) {
            throw new ClusterFailure("%s cannot be read: %s".formatted(file, e.getMessage()));
        }
    }

    private static ClusterFile parse(Json json) {
        if (!(json instanceof Json.Members members) || members.whole("format") != FORMAT) {
            throw new IllegalArgumentException("it is not of format " + FORMAT);
        }
        List<LocalNode> nodes = new ArrayList<>();
        for (Json.Members node : members.objects("nodes")) {
            nodes.add(
                    new LocalNode(
                            node.text("address"),
                            node.text("data_center"),
                            node.text("rack"),
                            node.whole("pid"),
                            node.whole("started")));
        }
        return new ClusterFile(nodes, members.texts("seeds"), members.texts("settings"));
    }

    void write(Path directory) {
        List<Json> items = new ArrayList<>();
        for (LocalNode node : nodes) {
            items.add(
                    Json.object()
                            .put("address", node.address())
                            .put("data_center", node.dataCenter())
                            .put("rack", node.rack())
                            .put("pid", node.pid())
                            .put("started", node.started()));
        }
        Json.Members text =
                Json.object()
                        .put("format", FORMAT)
                        .putTexts("seeds", seeds)
                        .putTexts("settings", settings)
                        .put("nodes", new Json.Items(items));
        replace(directory.resolve(NAME), text.prettyText() + "\n");
    }

    /// Puts a text into the place of a file, whole or not at all.
    static void replace(Path file, String text) {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Path _ = Files.writeString(draft, text, StandardCharsets.UTF_8);
            Path _ =
                    Files.move(
                            draft,
                            file,
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the directory has files of something else.
    static boolean isForeign(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.anyMatch(file -> !file.getFileName().toString().equals(LOCK_NAME));
        }
    }

    ClusterFile with(LocalNode changed) {
        List<LocalNode> all =
                nodes.stream()
                        .map(node -> node.address().equals(changed.address()) ? changed : node)
                        .toList();
        return new ClusterFile(all, seeds, settings);
    }

    ClusterFile withSettings(List<String> others) {
        return new ClusterFile(nodes, seeds, others);
    }

    Optional<LocalNode> node(String address) {
        return nodes.stream().filter(node -> node.address().equals(address)).findFirst();
    }

    ClusterPlan plan() {
        return new ClusterPlan(nodes);
    }

    /// Keeps other commands from changing the same cluster.
    static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        static Lock take(Path directory) throws ClusterFailure, IOException {
            FileChannel channel =
                    FileChannel.open(
                            directory.resolve(LOCK_NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isTaken(channel)) {
                channel.close();
                throw new ClusterFailure(
                        "Another helenus cluster command is at work on %s".formatted(directory));
            }
            return new Lock(channel);
        }

        private static boolean isTaken(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                return false; // by another thread of this process
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
