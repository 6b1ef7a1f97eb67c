package io.helenus.tools.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionCommandsTest {
    private final StringWriter printed = new StringWriter();

    private int answered(long stopped, List<String> damaged) {
        Json.Members answer = Json.object().put("stopped", stopped).putTexts("damaged", damaged);
        NodeAction compact = new CompactionCommands.Compact();
        PrintWriter out = new PrintWriter(printed);
        compact.print(answer, out);
        out.flush();
        return compact.exitCode(answer);
    }

    @Test
    void aCompactionThatWasDoneSaysNothing() {
        assertThat(answered(0, List.of())).isZero();
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void oneThatATruncationEndedSaysSo() {
        assertThat(answered(1, List.of("/data/1.sst"))).isEqualTo(1);
        assertThat(printed.toString().lines())
                .containsExactly(
                        "Left out, as it is damaged: /data/1.sst",
                        "Not done: 1, stopped by an operator, by the node's end, or as the table was"
                                + " truncated or dropped");
    }
}
