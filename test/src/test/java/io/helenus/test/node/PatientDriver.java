package io.helenus.test.node;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Sessions of the Java driver whose limits suit a busy machine, which notice at once what changes and
/// that a server is back, and which end at once.
public final class PatientDriver {
    private static final Duration TIMEOUT = Program.LIMIT;
    private static final Duration WINDOW = Duration.ofMillis(10);

    private PatientDriver() {}

    public static CqlSession open(InetSocketAddress address) {
        return builder(address, configuration()).build();
    }

    /// For a session with more than the address.
    public static CqlSessionBuilder builder(
            InetSocketAddress address, ProgrammaticDriverConfigLoaderBuilder configuration) {
        return CqlSession.builder()
                .addContactPoint(address)
                .withConfigLoader(configuration.build());
    }

    /// For a session that differs.
    public static ProgrammaticDriverConfigLoaderBuilder configuration() {
        return DriverConfigLoader.programmaticBuilder()
                .withString(
                        DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, TestNode.DATACENTER)
                .withDuration(DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, WINDOW)
                .withDuration(DefaultDriverOption.METADATA_TOPOLOGY_WINDOW, WINDOW)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(50))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofMillis(100))
                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 2)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    }
}
