package io.helenus.test.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.test.node.Program;
import io.helenus.tools.bulk.BulkTool;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Runs commands of `helenus bulk`: in a process of their own if they are to be killed, else in this one.
final class Tool {
    private Tool() {}

    static Program start(String name, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("bulk"));
        all.addAll(List.of(arguments));
        return Program.helenus(name, all);
    }

    /// Runs one to its end, which is a good one.
    static void run(String... arguments) {
        String _ = ends(0, arguments);
    }

    /// Runs one to its end.
    ///
    /// @return what it printed
    static String ends(int code, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int ended =
                BulkTool.run(
                        List.of(arguments),
                        InputStream.nullInputStream(),
                        new PrintWriter(out),
                        new PrintWriter(err));
        assertThat(ended).as("%s%s", out, err).isEqualTo(code);
        return code == 0 ? out.toString() : err.toString();
    }

    /// Arguments with more behind them.
    static String[] with(String[] more, String... first) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
    }

    /// Of a summary.
    static long number(String json, String name) {
        Matcher matcher = Pattern.compile("\"%s\": (\\d+)".formatted(name)).matcher(json);
        assertThat(matcher.find()).as("%s in %s", name, json).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
