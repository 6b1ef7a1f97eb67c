package io.helenus.shell;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.session.ProgrammaticArguments;
import com.datastax.oss.driver.api.core.session.SessionBuilder;
import com.datastax.oss.driver.internal.core.context.DefaultDriverContext;
import com.datastax.oss.driver.internal.core.context.LifecycleListener;
import com.datastax.oss.protocol.internal.request.Startup;
import java.util.List;
import java.util.Map;

/// Builds sessions that introduce themselves to the server with a fixed set of options. The driver's
/// own way of composing them loads a JSON library, which takes a seventh of the time to the prompt.
final class LeanSessionBuilder extends SessionBuilder<LeanSessionBuilder, CqlSession> {
    private static final String CQL_VERSION = "3.0.0";

    private final Map<String, String> startupOptions;

    LeanSessionBuilder() {
        startupOptions =
                Map.of(
                        Startup.CQL_VERSION_KEY,
                        CQL_VERSION,
                        "DRIVER_NAME",
                        "Apache Cassandra Java Driver",
                        "DRIVER_VERSION",
                        CqlSession.OSS_DRIVER_COORDINATES.getVersion().toString(),
                        "APPLICATION_NAME",
                        "Helenus shell",
                        "APPLICATION_VERSION",
                        ShellVersion.get());
    }

    @Override
    protected DriverContext buildContext(
            DriverConfigLoader configLoader, ProgrammaticArguments arguments) {
        return new DefaultDriverContext(configLoader, arguments) {
            @Override
            public Map<String, String> getStartupOptions() {
                return startupOptions;
            }

            @Override
            protected List<LifecycleListener> buildLifecycleListeners() {
                return List.of(); // there is one that reports usage, in JSON
            }
        };
    }

    @Override
    protected CqlSession wrap(CqlSession session) {
        return session;
    }
}
