package io.helenus.tools.bulk;

import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that say which node is meant, and how patient one is with it.
final class NodeOptions {
    private static final int PORT_MAX = 65_535;
    private static final int PORT_NONE = -1;

    @Option(
            names = "--host",
            paramLabel = "HOST[:PORT]",
            defaultValue = "127.0.0.1",
            description =
                    "The node (default: ${DEFAULT-VALUE}) and its port: export asks the one for"
                            + " clients (default: 9042), load and import the storage_port (default:"
                            + " 7000).")
    private String host = "127.0.0.1";

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "How often in a row something is tried again that failed on the way to the node,"
                            + " before it is given up. The pauses before begin with half a second and"
                            + " double up to ten (default: ${DEFAULT-VALUE}, a minute if the node is"
                            + " away).")
    private int retries = 10;

    @Option(
            names = {"-u", "--username"},
            paramLabel = "NAME",
            description =
                    "For export from a node that asks for one, with --password. Load and import refuse"
                            + " it: nodes do not know each other's users yet.")
    private Optional<String> username = Optional.empty();

    @Option(
            names = {"-p", "--password"},
            paramLabel = "TEXT",
            description = "As --username.")
    private Optional<String> password = Optional.empty();

    @Option(names = "--ssl", description = "Refused: TLS is not supported yet.")
    private boolean ssl;

    /// What clients are asked to prove who they are; empty texts for nothing.
    record Login(String username, String password) {}

    /// @param portDefault where the host does not say
    /// @throws picocli.CommandLine.ParameterException if something is wrong
    void check(int portDefault, InputOptions.Usage usage) {
        if (ssl) {
            throw usage.wrong("--ssl: TLS is not supported yet");
        }
        if (retries < 0) {
            throw usage.wrong("--retries is %d, must be at least 0".formatted(retries));
        }
        InetSocketAddress _ = address(portDefault, usage);
    }

    void refuseLogin(InputOptions.Usage usage) {
        if (username.isPresent() || password.isPresent()) {
            throw usage.wrong(
                    "--username and --password: authentication is not supported yet, nodes take"
                            + " everybody");
        }
    }

    Login login(InputOptions.Usage usage) {
        if (username.isPresent() != password.isPresent()) {
            throw usage.wrong("--username and --password go together");
        }
        return new Login(username.orElse(""), password.orElse(""));
    }

    int retries() {
        return retries;
    }

    /// Of `host`, `host:port`, `::1` or `[::1]:port`.
    InetSocketAddress address(int portDefault, InputOptions.Usage usage) {
        int colon = host.lastIndexOf(':');
        boolean hasPort =
                colon > 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
        String name = (hasPort ? host.substring(0, colon) : host).replaceAll("^\\[|]$", "");
        int port = hasPort ? port(host.substring(colon + 1)) : portDefault;
        if (port == PORT_NONE) {
            throw usage.wrong("--host %s: the port must be from 1 to 65535".formatted(host));
        }
        InetSocketAddress address = new InetSocketAddress(name, port);
        if (address.isUnresolved()) {
            throw usage.wrong("--host %s is unknown".formatted(name));
        }
        return address;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port < 1 || port > PORT_MAX ? PORT_NONE : port;
        } catch (NumberFormatException e) {
            return PORT_NONE;
        }
    }
}
