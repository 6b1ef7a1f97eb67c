package io.helenus.tools;

import io.helenus.engine.schema.SchemaHeader;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints what is to be said of a whole file: as text, or as one JSON object a line, whose members
/// have the names of the text with `_` for blanks.
final class SstableReport {
    private static final String NONE = "none";

    private final PrintStream out;
    private final boolean asJson;
    private final JsonLine json = new JsonLine();

    SstableReport(PrintStream out, boolean asJson) {
        this.out = out;
        this.asJson = asJson;
    }

    /// A file that is not even open. Only JSON has something to say on standard output.
    void unreadable(Path path, String why) {
        json.open().member("file", path.toString()).member("sound", false).member("error", why);
        out.println(json.close().take());
    }

    /// @param decoder names keys; null if nobody can
    void verified(
            SSTableReader reader, SSTableVerifier.Report report, @Nullable SstableDecoder decoder) {
        boolean sound = report.damage().isEmpty();
        if (asJson) {
            json.open().member("file", reader.path().toString()).member("sound", sound);
            json.member("bytes", reader.fileBytes());
            json.member("blocks", report.blocks()).member("entries", report.items());
            json.array("damage");
            for (SSTableVerifier.Damage damage : report.damage()) {
                json.element();
                json.member("offset", damage.offset()).member("what", damage.what());
                bound("from", damage.fromKey(), decoder);
                byte[] to = damage.toKey();
                bound("to", to == null ? new byte[0] : to, decoder);
                json.close();
            }
            out.println(json.closeArray().close().take());
            return;
        }
        out.println(
                "%s: %s, %d bytes, %d blocks, %d entries"
                        .formatted(
                                reader.path(),
                                sound ? "sound" : report.damage().size() + " damaged places",
                                reader.fileBytes(),
                                report.blocks(),
                                report.items()));
        for (SSTableVerifier.Damage damage : report.damage()) {
            out.println(
                    "  at %d: %s".formatted(damage.offset(), SstableCommand.text(damage, decoder)));
        }
    }

    /// No member if the damage reaches to the end of the table.
    private void bound(String name, byte[] key, @Nullable SstableDecoder decoder) {
        if (key.length > 0) {
            json.member(name, HexFormat.of().formatHex(key));
            json.member(name + "_key", SstableCommand.key(key, decoder));
        }
    }

    void statistics(SSTableReader reader, SstableDecoder decoder) {
        SSTableMetadata metadata = reader.metadata();
        SchemaHeader.Content header = decoder.header();
        Map<String, Object> lines = new LinkedHashMap<>();
        lines.put("table", header.keyspace() + "." + header.table());
        lines.put("table id", header.id());
        lines.put("file bytes", reader.fileBytes());
        lines.put("bytes before compression", metadata.rawBytes());
        lines.put("bytes of keys and values", metadata.itemBytes());
        lines.put("data blocks", metadata.blocks());
        lines.put("index pages", metadata.indexPages());
        lines.put("partitions", metadata.partitions());
        lines.put("largest partition, bytes", metadata.largestPartitionBytes());
        lines.put("rows", metadata.rows());
        lines.put("static rows", metadata.staticRows());
        lines.put("collection elements", metadata.elements());
        lines.put("cells", metadata.cells());
        lines.put("tombstones", metadata.tombstones());
        lines.put("bounds of range deletions", metadata.boundaries());
        lines.put("expiring cells", metadata.expiring());
        lines.put("oldest write", micros(metadata.minTimestamp()));
        lines.put("newest write", micros(metadata.maxTimestamp()));
        lines.put("first deletion or expiry", seconds(metadata.minDropTime()));
        lines.put("last deletion or expiry", seconds(metadata.maxDropTime()));
        lines.put("repaired at", metadata.repairedAt() == 0 ? "never" : metadata.repairedAt());
        lines.put("first key", decoder.describe(metadata.firstKey()));
        lines.put("last key", decoder.describe(metadata.lastKey()));
        if (!asJson) {
            out.println(reader.path() + ":");
            lines.forEach((name, value) -> out.println("  %-28s %s".formatted(name, value)));
            return;
        }
        json.open().member("file", reader.path().toString());
        lines.forEach(this::member);
        out.println(json.close().take());
    }

    private void member(String name, Object value) {
        String key = name.replace(",", "").replace(' ', '_');
        switch (value) {
            case Long number -> json.member(key, number);
            case Moment moment -> json.member(key, moment.number());
            default -> {
                if (!value.equals(NONE)) {
                    json.member(key, value.toString());
                }
            }
        }
    }

    private static Object micros(long micros) {
        return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE
                ? NONE
                : new Moment(micros, SstableText.time(micros));
    }

    private static Object seconds(long seconds) {
        return seconds < 0 || seconds == Long.MAX_VALUE
                ? NONE
                : new Moment(seconds, "%d (%s)".formatted(seconds, Instant.ofEpochSecond(seconds)));
    }

    /// A number for programs, a text for people.
    private record Moment(long number, String text) {
        @Override
        public String toString() {
            return text;
        }
    }
}
