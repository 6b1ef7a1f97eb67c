package io.helenus.test.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What may differ between two runs of the engine comes in through constructors. Only wiring takes it
/// from the machine: the packages of [#WIRING]; and programs that users start, shell and tools, which
/// are nobody's parts.
final class InjectedWorldTest {
    /// Where parts are made and given what they need. A class name exempts that class alone.
    private static final Set<String> WIRING =
            Set.of(
                    "io.helenus.engine", // the embeddable entry point
                    "io.helenus.engine.node",
                    "io.helenus.commitlog.LogAgentRunner"); // drives an agent on a thread of its

    // own

    /// May only shrink. What is in use but not wanted: class, rule.
    private static final Map<String, String> EXEMPT = Map.of();

    private static final List<String> PROGRAMS = List.of("io.helenus.shell", "io.helenus.tools");

    /// A use of the machine that only wiring may make.
    record Banned(String name, Predicate<JavaAccess<?>> uses) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Banned> banned() {
        return Stream.of(
                new Banned(
                        "clock",
                        access ->
                                calls(access, System.class, "nanoTime", "currentTimeMillis")
                                        || inPackage(access, "java.time")
                                                && access.getName().equals("now")
                                        || calls(
                                                access,
                                                java.time.Clock.class,
                                                "systemUTC",
                                                "system",
                                                "systemDefaultZone",
                                                "tick",
                                                "tickMillis",
                                                "tickSeconds",
                                                "tickMinutes")),
                new Banned(
                        "thread",
                        access ->
                                makes(access, Thread.class)
                                        || calls(
                                                access,
                                                Thread.class,
                                                "ofVirtual",
                                                "ofPlatform",
                                                "startVirtualThread",
                                                "sleep")
                                        || owner(access).isEquivalentTo(Executors.class)
                                        || makes(access, ThreadPoolExecutor.class)
                                        || makes(access, java.util.Timer.class)),
                new Banned(
                        "randomness",
                        access ->
                                owner(access).isEquivalentTo(ThreadLocalRandom.class)
                                        || makes(access, java.util.Random.class)
                                        || makes(access, java.util.SplittableRandom.class)
                                        || calls(access, Math.class, "random")
                                        || calls(access, java.util.UUID.class, "randomUUID")),
                new Banned(
                        "waiting for a future",
                        access ->
                                owner(access).isAssignableTo(Future.class)
                                        && (access.getName().equals("get")
                                                || access.getName().equals("join"))),
                new Banned(
                        "common pool",
                        access ->
                                owner(access).isAssignableTo(ForkJoinPool.class)
                                        || access.getName().equals("parallelStream")
                                        || owner(access).isAssignableTo(CompletionStage.class)
                                                && access.getName().endsWith("Async")
                                                && !takesExecutor(access)
                                        || calls(
                                                access,
                                                CompletableFuture.class,
                                                "delayedExecutor",
                                                "orTimeout",
                                                "completeOnTimeout")));
    }

    @ParameterizedTest
    @MethodSource("banned")
    void onlyWiringTakesItFromTheMachine(Banned rule) {
        List<String> found = new ArrayList<>();
        for (JavaClass type : OurClasses.all()) {
            if (wiring(type)) {
                continue;
            }
            for (JavaAccess<?> access : accesses(type)) {
                boolean exempt = rule.name().equals(EXEMPT.get(outermost(type).getName()));
                if (!exempt && rule.uses().test(access)) {
                    found.add(access.getDescription());
                }
            }
        }
        assertThat(found).as("uses of %s outside wiring", rule).isEmpty();
    }

    /// So that a rule that matches nothing any more is noticed.
    @Test
    void rulesSeeWhatWiringDoes() {
        Set<String> seen = new TreeSet<>();
        for (JavaClass type : OurClasses.all()) {
            for (JavaAccess<?> access : wiring(type) ? accesses(type) : List.<JavaAccess<?>>of()) {
                banned().filter(each -> each.uses().test(access))
                        .forEach(each -> seen.add(each.name()));
            }
        }
        assertThat(seen).contains("clock", "thread", "waiting for a future");
    }

    @Test
    void everyExemptionIsStillNeeded() {
        Map<String, Banned> rules = new HashMap<>();
        banned().forEach(rule -> rules.put(rule.name(), rule));
        Set<String> unneeded = new TreeSet<>();
        EXEMPT.forEach((type, name) -> {
            Banned rule = rules.get(name);
            boolean used =
                    rule != null
                            && OurClasses.all().stream()
                                    .filter(each -> outermost(each).getName().equals(type))
                                    .flatMap(each -> accesses(each).stream())
                                    .anyMatch(rule.uses());
            if (!used) {
                unneeded.add(type + ": " + name);
            }
        });
        assertThat(unneeded).isEmpty();
    }

    private static boolean wiring(JavaClass type) {
        return WIRING.contains(type.getPackageName())
                || WIRING.contains(outermost(type).getName())
                || PROGRAMS.stream().anyMatch(type.getPackageName()::startsWith);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(InjectedWorldTest::outermost).orElse(type);
    }

    /// Calls and method references alike.
    private static List<JavaAccess<?>> accesses(JavaClass type) {
        List<JavaAccess<?>> accesses = new ArrayList<>(type.getAccessesFromSelf());
        for (JavaCodeUnit unit : type.getCodeUnits()) {
            accesses.addAll(unit.getMethodReferencesFromSelf());
            accesses.addAll(unit.getConstructorReferencesFromSelf());
        }
        return accesses;
    }

    private static JavaClass owner(JavaAccess<?> access) {
        return access.getTargetOwner();
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String... names) {
        return owner(access).isEquivalentTo(owner) && List.of(names).contains(access.getName());
    }

    private static boolean makes(JavaAccess<?> access, Class<?> type) {
        return owner(access).isAssignableTo(type) && access.getName().equals("<init>");
    }

    private static boolean inPackage(JavaAccess<?> access, String name) {
        return owner(access).getPackageName().equals(name);
    }

    private static boolean takesExecutor(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream()
                        .anyMatch(type -> type.isAssignableTo(Executor.class));
    }
}
