package io.helenus.test.driver;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import io.helenus.test.node.TestNode;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Makes sessions whose limits suit a busy machine, and which notice a server's return at once.
final class Sessions {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Sessions() {}

    static CqlSession open(InetSocketAddress address, Wire wire) {
        return builder(address, wire, configuration(wire)).build();
    }

    static CqlSessionBuilder builder(
            InetSocketAddress address,
            Wire wire,
            ProgrammaticDriverConfigLoaderBuilder configuration) {
        return CqlSession.builder()
                .withApplicationName("helenus-test-" + wire)
                .addContactPoint(address)
                .withLocalDatacenter(TestNode.DATACENTER)
                .withConfigLoader(configuration.build());
    }

    static ProgrammaticDriverConfigLoaderBuilder configuration(Wire wire) {
        return DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                .withString(DefaultDriverOption.PROTOCOL_VERSION, wire.version())
                .withString(DefaultDriverOption.PROTOCOL_COMPRESSION, wire.compression())
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(10))
                .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(50))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofMillis(100))
                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 2)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    }
}
