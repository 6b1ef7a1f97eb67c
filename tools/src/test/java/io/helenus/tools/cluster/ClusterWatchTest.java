package io.helenus.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.json.Json;
import org.junit.jupiter.api.Test;

class ClusterWatchTest {
    @Test
    void aNodeIsGoodIfItIsUpAndNormalAndReady() {
        ClusterWatch.View view =
                ClusterWatch.parse(
                        (Json.Members)
                                Json.parse(
                                        """
                                        {"cluster": "c", "epoch": 7, "datacenters": [
                                         {"name": "a", "nodes": [
                                          {"address": "127.0.0.1", "status": "UP", "state": "NORMAL",
                                           "native_ready": true},
                                          {"address": "127.0.0.2", "status": "UP", "state": "NORMAL",
                                           "native_ready": false}]},
                                         {"name": "b", "nodes": [
                                          {"address": "127.0.0.3", "status": "DOWN", "state": "LEAVING",
                                           "native_ready": true}]}]}
                                        """));

        assertThat(view.epoch()).isEqualTo(7);
        assertThat(view.nodes()).hasSize(3);
        assertThat(view.nodes().get("127.0.0.1"))
                .matches(ClusterWatch.Seen::isGood)
                .hasToString("UP/NORMAL");
        assertThat(view.nodes().get("127.0.0.2"))
                .matches(seen -> !seen.isGood())
                .hasToString("UP/NORMAL, not ready");
        assertThat(view.nodes().get("127.0.0.3"))
                .matches(seen -> !seen.isGood())
                .hasToString("DOWN/LEAVING");
    }
}
