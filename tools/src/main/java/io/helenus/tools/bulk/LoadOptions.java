package io.helenus.tools.bulk;

import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that say which node SSTables go to, and how.
final class LoadOptions {
    private static final int PORT_DEFAULT = 7000;
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--host",
            paramLabel = "HOST[:PORT]",
            defaultValue = "127.0.0.1",
            description = "The node and its storage_port (default: ${DEFAULT-VALUE}, port 7000).")
    private String host = "127.0.0.1";

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Bytes a second at most, as in 50m (default: as fast as it goes).")
    private Optional<Long> rate = Optional.empty();

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How often a broken connection is made again before it is given up (default:"
                            + " ${DEFAULT-VALUE}).")
    private int retries = 5;

    @Option(
            names = {"-u", "--username"},
            paramLabel = "NAME",
            description = "Refused: nodes have no authentication yet.")
    private Optional<String> username = Optional.empty();

    @Option(
            names = {"-p", "--password"},
            paramLabel = "TEXT",
            description = "Refused: nodes have no authentication yet.")
    private Optional<String> password = Optional.empty();

    @Option(names = "--ssl", description = "Refused: nodes have no TLS yet.")
    private boolean ssl;

    void check(InputOptions.Usage usage) {
        if (username.isPresent() || password.isPresent()) {
            throw usage.wrong(
                    "--username and --password: authentication is not supported yet, nodes take"
                            + " everybody");
        }
        if (ssl) {
            throw usage.wrong("--ssl: TLS between nodes is not supported yet");
        }
        if (retries < 0) {
            throw usage.wrong("--retries is %d, must be at least 0".formatted(retries));
        }
        if (rate.filter(bytes -> bytes < 1).isPresent()) {
            throw usage.wrong("--rate is 0, must be at least 1");
        }
        InetSocketAddress _ = address(usage);
    }

    int retries() {
        return retries;
    }

    /// Bytes a second, 0 for no limit.
    long rate() {
        return rate.orElse(0L);
    }

    InetSocketAddress address(InputOptions.Usage usage) {
        String name = host;
        int port = PORT_DEFAULT;
        int colon = host.lastIndexOf(':');
        boolean hasPort =
                colon >= 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
        if (hasPort) {
            name = host.substring(0, colon);
            try {
                port = Integer.parseInt(host.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
            if (port < 1 || port > PORT_MAX) {
                throw usage.wrong("--host %s: the port must be from 1 to 65535".formatted(host));
            }
        }
        InetSocketAddress address = new InetSocketAddress(name.replaceAll("^\\[|]$", ""), port);
        if (address.isUnresolved()) {
            throw usage.wrong("--host %s is unknown".formatted(name));
        }
        return address;
    }
}
