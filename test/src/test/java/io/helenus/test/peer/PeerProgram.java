package io.helenus.test.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Tells stories to two servers that run; `test/peer.sh` starts them. Ends with 1 if one of them has two
/// endings.
final class PeerProgram {
    private static final Set<String> OPTIONS =
            Set.of(
                    "--ours",
                    "--ours-admin",
                    "--peer",
                    "--peer-jmx",
                    "--first-seed",
                    "--seeds",
                    "--statements");
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int DIFFERENCES_MAX = 5;

    private final Map<String, String> options = new HashMap<>();

    private PeerProgram(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        arguments[i] + " is not one of " + OPTIONS + " with a value");
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    private String text(String option) {
        String value = options.get(option);
        if (value == null) {
            throw new IllegalArgumentException(option + " is missing");
        }
        return value;
    }

    private InetSocketAddress address(String option) {
        String[] parts = text(option).split(":", 2);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    private boolean run() throws IOException {
        long first = Long.parseLong(options.getOrDefault("--first-seed", "1"));
        long count = Long.parseLong(options.getOrDefault("--seeds", "10"));
        int statements = Integer.parseInt(options.getOrDefault("--statements", "200"));
        int differences = 0;
        try (Server ours =
                        new Server(
                                "Helenus",
                                address("--ours"),
                                new HelenusUpkeep(text("--ours-admin")));
                Server peer =
                        new Server(
                                "Cassandra",
                                address("--peer"),
                                new PeerUpkeep(text("--peer-jmx")))) {
            long beginning = System.currentTimeMillis() / MILLIS_PER_SECOND;
            Story.Tellers tellers = new Story.Tellers(ours, peer, beginning);
            for (long seed = first; seed < first + count; seed++) {
                Story story = new Story(seed, statements, tellers);
                Story.Difference found = story.tell();
                System.out.println("seed " + seed + ": " + story);
                if (found != null) {
                    Story.Difference shown = story.shrink(found);
                    System.out.printf(
                            "seed %d: after%n%s%s:%n%s%n%s:%n%s%n",
                            seed,
                            story.text(),
                            ours.name(),
                            shown.ours(),
                            peer.name(),
                            shown.peers());
                    if (++differences == DIFFERENCES_MAX) {
                        break;
                    }
                }
            }
        }
        return differences == 0;
    }

    public static void main(String[] arguments) throws IOException {
        PeerProgram program;
        try {
            program = new PeerProgram(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(program.run() ? 0 : 1);
    }
}
