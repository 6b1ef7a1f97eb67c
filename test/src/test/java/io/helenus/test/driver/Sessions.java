package io.helenus.test.driver;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import io.helenus.test.node.PatientDriver;
import java.net.InetSocketAddress;

/// Makes patient sessions that speak as a [Wire] says.
final class Sessions {
    private Sessions() {}

    static CqlSession open(InetSocketAddress address, Wire wire) {
        return builder(address, wire, configuration(wire)).build();
    }

    static CqlSessionBuilder builder(
            InetSocketAddress address,
            Wire wire,
            ProgrammaticDriverConfigLoaderBuilder configuration) {
        return PatientDriver.builder(address, configuration)
                .withApplicationName("helenus-test-" + wire);
    }

    static ProgrammaticDriverConfigLoaderBuilder configuration(Wire wire) {
        return PatientDriver.configuration()
                .withString(DefaultDriverOption.PROTOCOL_VERSION, wire.version())
                .withString(DefaultDriverOption.PROTOCOL_COMPRESSION, wire.compression())
                .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false);
    }
}
