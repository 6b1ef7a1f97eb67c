package io.helenus.tools.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// Layouts, as Cassandra 5.0.6's nodetool has them: recorded from one node, and with several data centres
/// as its source says.
class RingCommandsTest {
    private static final String NODES =
            """
            "datacenters": [
              {"name": "a", "nodes": [
                {"status": "UP", "state": "NORMAL", "address": "127.0.0.1", "load_bytes": 106854,
                 "tokens": 2, "owns_percent": %1$s, "rack": "rack1", "port": 7000,
                 "host_id": "6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a001"},
                {"status": "DOWN", "state": "LEAVING", "address": "127.0.0.12", "load_bytes": null,
                 "tokens": 1, "owns_percent": %2$s, "rack": "rack2", "port": 7000,
                 "host_id": "6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a002"}]},
              {"name": "north", "nodes": [
                {"status": "UP", "state": "JOINING", "address": "127.0.0.3", "load_bytes": 12,
                 "tokens": 1, "owns_percent": null, "rack": "r", "port": 7000,
                 "host_id": "6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a003"}]}]
            """;

    private static Json.Members effective(String more) {
        return json(
                "{\"owns_effective\": true, \"note\": null, %s %s}"
                        .formatted(more, NODES.formatted("66.666", "33.334")));
    }

    private static Json.Members json(String text) {
        return (Json.Members) Json.parse(text);
    }

    private static String printed(NodeAction action, Json.Members answer) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        action.print(answer, out);
        out.flush();
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void statusHasABlockForEachDataCentreWithCommonColumns() {
        assertThat(printed(new RingCommands.Status(), effective("")))
                .isEqualTo(
                        """
                        Datacenter: a
                        =============
                        Status=Up/Down
                        |/ State=Normal/Leaving/Joining/Moving
                        --  Address     Load        Tokens  Owns (effective)  Host ID                               Rack\s
                        UN  127.0.0.1   104.35 KiB  2       66.7%             6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a001  rack1
                        DL  127.0.0.12  ?           1       33.3%             6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a002  rack2

                        Datacenter: north
                        =================
                        Status=Up/Down
                        |/ State=Normal/Leaving/Joining/Moving
                        --  Address     Load        Tokens  Owns (effective)  Host ID                               Rack\s
                        UJ  127.0.0.3   12 bytes    1       ?                 6b8e8a4d-5a0b-4cbb-9d52-0a4c63a4a003  r   \s

                        """);
    }

    @Test
    void statusSaysWhyNobodyOwnsAnything() {
        Json.Members answer =
                json(
                        "{\"owns_effective\": false, \"note\": \"it is meaningless\", %s}"
                                .formatted(NODES.formatted("null", "null")));

        assertThat(printed(new RingCommands.Status(), answer))
                .contains("--  Address     Load        Tokens  Owns  Host ID")
                .contains("UN  127.0.0.1   104.35 KiB  2       ?     6b8e8a4d")
                .endsWith("\n\nNote: it is meaningless\n");
    }

    @Test
    void ringHasALineForEachToken() {
        Json.Members answer =
                effective(
                        """
                        "tokens": [
                          {"token": "-9000000000000000001", "address": "127.0.0.1"},
                          {"token": "-5", "address": "127.0.0.12"},
                          {"token": "17", "address": "127.0.0.3"},
                          {"token": "4000", "address": "127.0.0.1"}],
                        """);

        assertThat(printed(new RingCommands.Ring(), answer).replace(" \n", "\n"))
                .containsSubsequence(
                        "\nDatacenter: a\n==========\n",
                        "Address          Rack        Status State   Load            Owns                Token ",
                        "\n                                                                                4000 ",
                        "\n127.0.0.1        rack1       Up     Normal  104.35 KiB      66.67%              -9000000000000000001 ",
                        "\n127.0.0.12       rack2       Down   Leaving ?               33.33%              -5 ",
                        "\n127.0.0.1        rack1       Up     Normal  104.35 KiB      66.67%              4000 ",
                        "\n\nDatacenter: north\n==========\n",
                        "\n127.0.0.3        r           Up     Joining 12 bytes        ?                   17 ",
                        "  Warning: \"nodetool ring\" is used to output all the tokens of a node.\n",
                        "  To view status related info of a node use \"nodetool status\" instead.\n");
    }

    @Test
    void describeClusterCounts() {
        Json.Members answer =
                json(
                        """
                        {"name": "Test", "snitch": "org.apache.cassandra.locator.SimpleSnitch",
                         "dynamic_snitch": false,
                         "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
                         "schema_versions": [
                           {"version": "54e17321-3f2e-37ca-9b08-d91ba7bdd369",
                            "nodes": ["127.0.0.1", "127.0.0.2"]},
                           {"version": "UNREACHABLE", "nodes": ["127.0.0.3"]}],
                         "note": "it is meaningless",
                         "live": 2, "joining": 0, "moving": 0, "leaving": 0, "unreachable": 1,
                         "datacenters": [{"name": "a", "nodes": 3, "down": 1}],
                         "database_versions": [
                           {"version": "5.0.6", "nodes": ["127.0.0.1:7000", "127.0.0.2:7000"]}],
                         "keyspaces": [
                           {"name": "k", "strategy": "SimpleStrategy",
                            "options": {"replication_factor": "1"}},
                           {"name": "system", "strategy": "LocalStrategy", "options": {}}]}
                        """);

        assertThat(printed(new RingCommands.DescribeCluster(), answer))
                .isEqualTo(
                        """
                        Cluster Information:
                        \tName: Test
                        \tSnitch: org.apache.cassandra.locator.SimpleSnitch
                        \tDynamicEndPointSnitch: disabled
                        \tPartitioner: org.apache.cassandra.dht.Murmur3Partitioner
                        \tSchema versions:
                        \t\t54e17321-3f2e-37ca-9b08-d91ba7bdd369: [127.0.0.1, 127.0.0.2]

                        \t\tUNREACHABLE: [127.0.0.3]

                        Stats for all nodes:
                        \tLive: 2
                        \tJoining: 0
                        \tMoving: 0
                        \tLeaving: 0
                        \tUnreachable: 1

                        Data Centers:\s
                        \ta #Nodes: 3 #Down: 1

                        Database versions:
                        \t5.0.6: [127.0.0.1:7000, 127.0.0.2:7000]

                        Keyspaces:
                        \tk -> Replication class: SimpleStrategy {replication_factor=1}
                        \tsystem -> Replication class: LocalStrategy {}

                        Note: it is meaningless
                        """);
    }

    @Test
    void endpointsAreAddresses() {
        Json.Members answer =
                json(
                        "{\"endpoints\": [{\"address\": \"127.0.0.2\", \"port\": 7000},"
                                + " {\"address\": \"127.0.0.1\", \"port\": 7000}]}");

        assertThat(printed(new RingCommands.GetEndpoints(), answer))
                .isEqualTo("127.0.0.2\n127.0.0.1\n");
    }
}
