package io.helenus.shell;

import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The `range_ownership` of DESCRIBE CLUSTER, a `map<text, list<text>>` from tokens to their owners.
final class RangeOwnership {
    private RangeOwnership() {}

    static List<String> lines(ByteBuffer bytes) {
        List<String> lines = new ArrayList<>();
        Map<String, List<String>> owners =
                TypeCodecs.mapOf(TypeCodecs.TEXT, TypeCodecs.listOf(TypeCodecs.TEXT))
                        .decode(bytes, DefaultProtocolVersion.V5);
        if (owners != null) {
            owners.forEach((token, nodes) ->
                    lines.add(
                            String.format(
                                    Locale.ROOT, " %39s  [%s]", token, String.join(", ", nodes))));
        }
        return lines;
    }
}
