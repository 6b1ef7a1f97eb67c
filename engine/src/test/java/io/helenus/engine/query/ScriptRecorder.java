package io.helenus.engine.query;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Run by hand when scripts change: `ScriptRecorder HOST PORT FILE...` has an Apache Cassandra answer
/// the statements of the files, and writes its answers into them.
final class ScriptRecorder {
    private ScriptRecorder() {}

    static String keyspaceOf(Script script) {
        return "conform_" + script.name;
    }

    static List<String> setUp(Script script) {
        String keyspace = keyspaceOf(script);
        return List.of(
                "DROP KEYSPACE IF EXISTS " + keyspace,
                "CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
                        .formatted(keyspace),
                "USE " + keyspace);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            Path file = Path.of(arguments[i]);
            Script script = Script.read(file);
            try (PeerConnection peer = new PeerConnection(arguments[0], port)) {
                for (String statement : setUp(script)) {
                    Answer _ = peer.query(statement);
                }
                for (Script.Step step : script.steps) {
                    Answer answer =
                            step.values == null
                                    ? peer.query(step.statement)
                                    : peer.execute(step.statement, step.values);
                    step.peer = answer.lines();
                }
            }
            script.write(file);
        }
    }
}
