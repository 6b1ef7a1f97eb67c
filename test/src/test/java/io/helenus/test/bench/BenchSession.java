package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Opens sessions for programs that keep a server busy: long timeouts, few connections, no schema.
final class BenchSession {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 2;

    private BenchSession() {}

    static CqlSession open(InetSocketAddress address) {
        return CqlSession.builder()
                .withApplicationName("helenus-bench")
                .addContactPoint(address)
                .withConfigLoader(
                        DriverConfigLoader.programmaticBuilder()
                                .withString(
                                        DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                                        "BasicLoadBalancingPolicy")
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                                .withInt(
                                        DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE, CONNECTIONS)
                                .withInt(
                                        DefaultDriverOption.CONNECTION_POOL_REMOTE_SIZE,
                                        CONNECTIONS)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withBoolean(DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED, false)
                                .build())
                .build();
    }
}
