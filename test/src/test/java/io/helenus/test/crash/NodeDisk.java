package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.engine.json.Json;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.test.node.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at a node's directory from outside: are its files sound, its snapshots whole, is anything left
/// over? One thread.
final class NodeDisk {
    private static final Set<String> SIDE_DIRECTORIES = Set.of("snapshots", "lost+found");

    private final Path data;
    private final Path node;
    private final Set<Object> verified = new HashSet<>(); // files, whatever they are called
    private int filesVerified;
    private int snapshotsChecked;

    NodeDisk(Path node) {
        this.node = node;
        data = node.resolve("data");
    }

    int filesVerified() {
        return filesVerified;
    }

    int snapshotsChecked() {
        return snapshotsChecked;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private List<Path> tableDirectories() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path keyspace : list(data)) {
            found.addAll(list(keyspace));
        }
        return found;
    }

    /// After a kill: what has its final name was forced before it got that, and was whole.
    void assertFilesAreSound() throws IOException {
        List<Path> files;
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(data)) {
            files = paths.filter(path -> path.toString().endsWith(".sst")).toList();
        }
        verify(files);
    }

    private void verify(List<Path> files) throws IOException {
        for (Path file : files) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            List<Object> identity =
                    List.of(
                            String.valueOf(attributes.fileKey()),
                            attributes.size(),
                            attributes.lastModifiedTime());
            if (verified.add(identity)) {
                verify(file);
            }
        }
    }

    private void verify(Path file) throws IOException {
        BlockCache cache = new BlockCache(1 << 20, Runnable::run);
        try (SSTableReader reader = SSTableReader.open(new ChannelFiles(), file, cache)) {
            assertThat(new SSTableVerifier(reader).verify().damage())
                    .as("damage in %s", file)
                    .isEmpty();
        }
        filesVerified++;
    }

    /// Of a node that serves and is not written to: each snapshot has all its files, which are sound.
    void assertSnapshotsAreWhole(World world) throws IOException {
        Set<Path> listed = new TreeSet<>();
        for (Json.Members each : world.admin.get("/v1/snapshots").objects("snapshots")) {
            assertThat(each.text("created_at")).as("time of %s", each.text("tag")).isNotEmpty();
            listed.add(Path.of(each.text("directory")));
        }
        Set<Path> found = new TreeSet<>();
        for (Path table : tableDirectories()) {
            found.addAll(list(table.resolve("snapshots")));
        }
        assertThat(found).isEqualTo(listed);
        for (Path snapshot : found) {
            Json.Members manifest =
                    (Json.Members) Json.parse(Files.readString(snapshot.resolve("manifest.json")));
            List<String> expected = new ArrayList<>(manifest.texts("files"));
            expected.addAll(List.of("manifest", "manifest.json", "schema.cql"));
            assertThat(list(snapshot).stream().map(NodeDisk::name))
                    .as("files of %s", snapshot)
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(Files.readString(snapshot.resolve("schema.cql"))).contains("CREATE TABLE");
            verify(
                    list(snapshot).stream()
                            .filter(path -> path.toString().endsWith(".sst"))
                            .toList()); // the table's own may go while it is looked at
            snapshotsChecked++;
        }
    }

    List<Path> snapshots() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path table : tableDirectories()) {
            found.addAll(list(table.resolve("snapshots")));
        }
        return found;
    }

    /// Of a node that serves and is not written to: as soon as compactions are done, there is nothing on
    /// its disk but what it needs.
    ///
    /// @param mayBePutAside files of an operator, found at the start
    void assertNothingIsLeftOver(World world, Set<String> mayBePutAside) throws IOException {
        Waiting.until("clean", () -> leftOver(world, mayBePutAside));
    }

    private @Nullable String leftOver(World world, Set<String> mayBePutAside) throws IOException {
        Map<String, Long> counts = sstableCounts(world);
        try (Stream<Path> all = Files.walk(node)) {
            List<Path> temporary = all.filter(path -> name(path).endsWith(".tmp")).toList();
            if (!temporary.isEmpty()) {
                return temporary.toString();
            }
        } catch (java.io.UncheckedIOException e) {
            return e.toString(); // a file went while it was looked at
        }
        Set<String> ids = tableIds(world);
        for (Path directory : tableDirectories()) {
            String id = name(directory).substring(name(directory).lastIndexOf('-') + 1);
            List<String> names =
                    new ArrayList<>(list(directory).stream().map(NodeDisk::name).toList());
            names.removeAll(SIDE_DIRECTORIES);
            List<Path> aside = list(directory.resolve("lost+found"));
            if (!aside.isEmpty()
                    && !mayBePutAside.contains(name(directory).replaceAll("-.*", ""))) {
                return aside.toString();
            }
            if (!ids.contains(id)) {
                if (!names.isEmpty()) {
                    return "%s of a table that there is not: %s".formatted(directory, names);
                }
                continue;
            }
            if (!names.remove("manifest")) {
                return directory + " has no manifest";
            }
            Long count = counts.get(id);
            if (count == null || names.size() != count) {
                return "%s has %s, the table has %s files".formatted(directory, names, count);
            }
        }
        return null;
    }

    private static Map<String, Long> sstableCounts(World world) throws IOException {
        Map<String, Long> counts = new HashMap<>();
        for (Json.Members keyspace : world.admin.get("/v1/tables").objects("keyspaces")) {
            for (Json.Members table : keyspace.objects("tables")) {
                counts.put(table.text("id").replace("-", ""), table.whole("sstable_count"));
            }
        }
        return counts;
    }

    private static Set<String> tableIds(World world) {
        Set<String> ids = new HashSet<>();
        for (Row row : world.read("SELECT id FROM system_schema.tables")) {
            ids.add(String.valueOf(row.getUuid(0)).replace("-", ""));
        }
        return ids;
    }
}
