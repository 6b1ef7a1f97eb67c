package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Opens sessions for programs that keep a server busy: long timeouts, no schema, few connections, each
/// with as many requests as the protocol has numbers for. With the driver's 1 024 a server that pauses
/// would be spared most of what an open loop has for it, as the driver refuses the rest itself.
final class BenchSession {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 2;
    private static final int REQUESTS_OF_CONNECTION = 32_768;

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
                                .withInt(
                                        DefaultDriverOption.CONNECTION_MAX_REQUESTS,
                                        REQUESTS_OF_CONNECTION)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withBoolean(DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED, false)
                                .build())
                .build();
    }
}
