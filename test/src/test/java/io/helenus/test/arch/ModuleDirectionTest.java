package io.helenus.test.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Imports point one way only.
final class ModuleDirectionTest {
    private static final String OURS = "io.helenus.";

    /// A package with those below it, and what of ours it may use beside itself.
    record Layer(String name, List<String> mayUse) {
        static Layer of(String name, String... mayUse) {
            return new Layer(name, List.of(mayUse));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Layer> modules() {
        return Stream.of(
                Layer.of("cql"),
                Layer.of("sstable"),
                Layer.of("commitlog"),
                Layer.of("gossip"),
                Layer.of("engine", "cql", "sstable", "commitlog", "gossip"),
                Layer.of("shell", "cql"),
                Layer.of("tools", "engine", "shell", "cql", "sstable", "commitlog", "gossip"));
    }

    /// The engine's packages from the bottom to the top. `engine` itself is its front door, and `node`
    /// its wiring: nobody but the front door and the modules above uses these.
    static Stream<Layer> packages() {
        return Stream.of(
                Layer.of("engine.error"),
                Layer.of("engine.json"),
                Layer.of("engine.types", "sstable", "engine.error"),
                Layer.of(
                        "engine.schema",
                        "cql",
                        "gossip",
                        "sstable",
                        "engine.error",
                        "engine.types"),
                Layer.of(
                        "engine.metadata",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema"),
                Layer.of("engine.storage", "commitlog", "sstable", "engine.error", "engine.json"),
                Layer.of("engine.compaction", "commitlog", "sstable", "engine.storage"),
                Layer.of(
                        "engine.coordinator",
                        "commitlog",
                        "gossip",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema",
                        "engine.storage"),
                Layer.of(
                        "engine.query",
                        "cql",
                        "commitlog",
                        "gossip",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema",
                        "engine.storage",
                        "engine.coordinator"),
                Layer.of(
                        "engine.bulk",
                        "cql",
                        "gossip",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema",
                        "engine.storage",
                        "engine.query"),
                Layer.of(
                        "engine.transport",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema",
                        "engine.coordinator",
                        "engine.query"),
                Layer.of("engine.messaging", "gossip"),
                Layer.of(
                        "engine.cluster",
                        "gossip",
                        "sstable",
                        "engine.error",
                        "engine.types",
                        "engine.schema",
                        "engine.messaging",
                        "engine.metadata"),
                Layer.of(
                        "engine.streaming",
                        "sstable",
                        "engine.error",
                        "engine.messaging",
                        "engine.schema",
                        "engine.storage",
                        "engine.transport"),
                Layer.of(
                        "engine.admin",
                        "cql",
                        "gossip",
                        "sstable",
                        "engine.cluster",
                        "engine.error",
                        "engine.messaging",
                        "engine.json",
                        "engine.types",
                        "engine.schema",
                        "engine.storage",
                        "engine.compaction",
                        "engine.transport"),
                Layer.of(
                        "engine.config",
                        "commitlog",
                        "gossip",
                        "engine.error",
                        "engine.transport"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnlyThoseBelowIt(Layer module) {
        check(module);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void enginePackageUsesOnlyThoseBelowIt(Layer engineFolder) {
        check(engineFolder);
    }

    @Test
    void everyPackageOfTheEngineHasItsPlace() {
        Set<String> known =
                packages().map(Layer::name).collect(Collectors.toCollection(TreeSet::new));
        known.add("engine"); // the front door
        known.add("engine.node");
        Set<String> present =
                OurClasses.all().stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> within(name, OURS + "engine"))
                        .map(name -> firstTwo(name.substring(OURS.length())))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).containsAll(present);
    }

    private static String firstTwo(String path) {
        return Arrays.stream(path.split("\\.")).limit(2).collect(Collectors.joining("."));
    }

    private static void check(Layer layer) {
        classes()
                .that(
                        DescribedPredicate.describe(
                                "are in " + layer,
                                (JavaClass type) -> within(type.getPackageName(), OURS + layer)))
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are in " + layer + " or " + layer.mayUse(),
                                (JavaClass type) -> allowed(layer, type.getPackageName())))
                .allowEmptyShould(true)
                .check(OurClasses.all());
    }

    private static boolean allowed(Layer layer, String used) {
        return !used.startsWith(OURS)
                || within(used, OURS + layer)
                || layer.mayUse().stream().anyMatch(name -> within(used, OURS + name));
    }

    private static boolean within(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }
}
