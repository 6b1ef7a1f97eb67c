package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.Program;
import io.helenus.test.node.Waiting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A server is written to, altered, flushed, compacted, truncated and copied by many clients at once,
/// while it is killed with SIGKILL at random moments, again and again, also while it starts. After each
/// kill every file is checked to its last byte; after each start all that was acknowledged is read and
/// compared with a record that the clients keep, snapshots are whole, and nothing is left over.
///
/// By hand, with the class path of the tests: `CrashProgram [CYCLES [SEED [DIRECTORY]]]`, or
/// `mvn -pl test -am test -Dtest=RandomCrashTest -Dhelenus.crash.cycles=200
/// -Dhelenus.crash.seed=7`. The seed decides what is asked for and when the kills come; what the
/// server's threads are doing then is different each time.
public final class CrashProgram {
    private static final int LANES = 12;
    private static final int CONNECTIONS = 4;
    private static final int WORK_MILLIS_MAX = 1_400;
    private static final int START_MILLIS_MAX = 1_800;
    private static final int KILLED_AT_START_ONE_IN = 6;

    private final Path directory;
    private final PrintStream out;
    private final Random random;
    private final NodeDisk disk;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final Alterations alterations;
    private int children;
    private @Nullable Child last;

    public CrashProgram(Path directory, long seed, PrintStream out) {
        this.directory = directory;
        this.out = out;
        random = new Random(seed);
        disk = new NodeDisk(directory.resolve("node"));
        alterations = new Alterations(random.nextLong());
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane(i, random.nextLong()));
        }
        actors.addAll(lanes);
        actors.add(alterations);
        actors.add(new Tables(random.nextLong()));
        actors.add(new Expiring(random.nextLong()));
        actors.add(new Copies(random.nextLong()));
        actors.add(new Upkeep(random.nextLong()));
    }

    public static void main(String[] arguments) throws Exception {
        int cycles = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        Path directory =
                arguments.length > 2
                        ? Files.createDirectories(Path.of(arguments[2]))
                        : Files.createTempDirectory("helenus-crash");
        run(directory, seed, cycles, System.out);
    }

    /// @return acknowledged changes, by what they are about
    static Map<String, Integer> run(Path directory, long seed, int cycles, PrintStream out)
            throws Exception {
        out.println("Crashes: seed %d, %d cycles, in %s".formatted(seed, cycles, directory));
        CrashProgram program = new CrashProgram(directory, seed, out);
        int cycle = 0;
        try {
            for (; cycle < cycles; cycle++) {
                program.cycle(cycle == 0);
                if (cycle % 10 == 9) {
                    program.report(cycle + 1);
                }
            }
            program.end();
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "seed %d, after %d kills%n%s".formatted(seed, cycle, program.logged()), e);
        }
        program.report(cycles);
        return program.acknowledged();
    }

    private Child begin() throws IOException {
        Child begun = new Child(directory, children++);
        last = begun;
        return begun;
    }

    private String logged() {
        return last == null ? "" : last.logged();
    }

    private Map<String, Integer> acknowledged() {
        Map<String, Integer> counts = new TreeMap<>();
        actors.forEach(actor ->
                counts.merge(actor.name.replaceAll(" .*", ""), actor.acknowledged(), Integer::sum));
        return counts;
    }

    private void report(int cycles) {
        out.println(
                "%d kills; acknowledged: %s; %d files and %d snapshots checked"
                        .formatted(
                                cycles,
                                acknowledged(),
                                disk.filesVerified(),
                                disk.snapshotsChecked()));
    }

    private void cycle(boolean isFirst) throws Exception {
        if (!isFirst && random.nextInt(KILLED_AT_START_ONE_IN) == 0) {
            try (Child child = begin()) {
                Waiting.pause(Duration.ofMillis(random.nextInt(START_MILLIS_MAX)));
                child.kill();
            }
            disk.assertFilesAreSound();
        }
        try (Child child = begin();
                World world = new World(child, CONNECTIONS)) {
            if (isFirst) {
                create(world);
            } else {
                verify(world);
            }
            work(child, world);
        }
        disk.assertFilesAreSound();
    }

    private void create(World world) throws IOException {
        world.session.execute(Keyspaces.create("ks"));
        for (Actor actor : actors) {
            actor.create(world);
        }
        alterations.settle(world);
    }

    private void work(Child child, World world) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> works = new ArrayList<>();
            for (Actor actor : actors) {
                works.add(threads.submit(() -> actor.work(world)));
            }
            Waiting.pause(Duration.ofMillis(random.nextInt(WORK_MILLIS_MAX)));
            boolean hadEnded = works.stream().anyMatch(Future::isDone);
            world.willBeKilled();
            child.kill();
            for (Future<?> each : works) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    throw new AssertionError("An actor failed", e.getCause());
                }
            }
            assertThat(hadEnded).as("an actor ended early").isFalse();
        }
    }

    private void verify(World world) throws IOException {
        for (Actor actor : actors) {
            actor.verify(world);
        }
        verifyScans(world);
        disk.assertSnapshotsAreWhole(world);
        if (random.nextInt(3) == 0) {
            disk.assertNothingIsLeftOver(world, Set.of("dst"));
        }
    }

    /// A scan finds what reads of single partitions have found, and no more.
    private void verifyScans(World world) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String table : List.of("a", "b")) {
            for (Row row : world.read("SELECT c FROM ks." + table)) {
                if (!row.isNull(0)) {
                    counts.merge(table, 1, Integer::sum);
                }
            }
        }
        assertThat(counts).isEqualTo(Lane.rowCounts(lanes));
    }

    /// Starts once more, looks at everything at rest, and has the operators' tool do so, too.
    private void end() throws Exception {
        try (Child child = begin();
                World world = new World(child, CONNECTIONS)) {
            verify(world);
            disk.assertNothingIsLeftOver(world, Set.of("dst"));
            child.kill();
        }
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "sstable",
                                "verify",
                                directory.resolve("node").resolve("data").toString()));
        disk.snapshots().forEach(snapshot -> arguments.add(snapshot.toString()));
        try (Program verifying = Program.helenus("verify", arguments)) {
            assertThat(verifying.end()).as(verifying.out() + verifying.err()).isZero();
        }
    }
}
