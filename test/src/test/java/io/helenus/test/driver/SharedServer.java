package io.helenus.test.driver;

import com.datastax.oss.driver.api.core.CqlSession;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One node for all test classes of this package, and a session for each [Wire]; a parameter of tests.
/// Made when first asked for, closed after the last test. Each test makes its own keyspace.
final class SharedServer implements AutoCloseable {
    private final AtomicInteger keyspaces = new AtomicInteger();
    private final Map<Wire, CqlSession> sessions = new EnumMap<>(Wire.class);
    private final Path directory;
    private final TestNode node;

    private SharedServer() {
        try {
            directory = Files.createTempDirectory("helenus-driver-test");
            node = TestNode.start(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestNode node() {
        return node;
    }

    synchronized CqlSession session(Wire wire) {
        return sessions.computeIfAbsent(wire, each -> Sessions.open(node.address(), each));
    }

    /// Makes a keyspace of its own for a test.
    String keyspace() {
        String name = "ks" + keyspaces.incrementAndGet();
        session(Wire.V5).execute(Keyspaces.create(name));
        return name;
    }

    @Override
    public void close() throws IOException {
        sessions.values().forEach(CqlSession::close);
        node.close();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /// Hands it to tests.
    static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(SharedServer.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(
                            SharedServer.class, _ -> new SharedServer(), SharedServer.class);
        }
    }
}
