package io.helenus.tools.bulk;

import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say which node SSTables go to, and how.
final class LoadOptions {
    private static final int PORT_DEFAULT = 7000;

    @Mixin private NodeOptions node = new NodeOptions();

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Bytes a second at most, as in 50m (default: as fast as it goes).")
    private Optional<Long> rate = Optional.empty();

    void check(InputOptions.Usage usage) {
        node.refuseLogin(usage);
        node.check(PORT_DEFAULT, usage);
        if (rate.filter(bytes -> bytes < 1).isPresent()) {
            throw usage.wrong("--rate is 0, must be at least 1");
        }
    }

    int retries() {
        return node.retries();
    }

    /// Bytes a second, 0 for no limit.
    long rate() {
        return rate.orElse(0L);
    }

    InetSocketAddress address(InputOptions.Usage usage) {
        return node.address(PORT_DEFAULT, usage);
    }
}
