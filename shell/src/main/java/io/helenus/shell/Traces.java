package io.helenus.shell;

import com.datastax.oss.driver.api.core.type.DataTypes;
import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.ShellEnvironment.Pause;
import io.helenus.shell.format.FormattedText;
import io.helenus.shell.format.Paint;
import io.helenus.shell.format.TableFormatter;
import io.helenus.shell.format.ValueFormatter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads the trace of a request from `system_traces` and prints it. A server writes its traces after
/// it has answered, so a complete one is waited for.
final class Traces {
    private static final long WAIT_NANOS_MAX = 10_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 10_000_000L;
    private static final long PAUSE_NANOS_MAX = 250_000_000L;

    /// Of the time in a timeuuid, in units of 100 ns since 1582.
    private static final long UNIX_EPOCH_TICKS = 0x01b21dd213814000L;

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
                    .toFormatter(Locale.ROOT);
    private static final List<String> COLUMNS =
            List.of("activity", "timestamp", "source", "source_elapsed", "client");

    private final ClientHolder holder;
    private final Output output;
    private final LongSupplier nanoTime;
    private final Pause pause;

    Traces(ClientHolder holder, Output output, LongSupplier nanoTime, Pause pause) {
        this.holder = holder;
        this.output = output;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /// @param wait whether a trace that is missing or not complete yet is waited for
    void show(UUID id, boolean wait) throws InterruptedException {
        try {
            Page session = session(id, wait);
            if (session.rows().isEmpty()) {
                output.error("Session " + id + " wasn't found.");
                return;
            }
            print(id, session);
        } catch (CqlException e) {
            output.error("Unable to fetch query trace: " + e.getMessage());
        }
    }

    private Page session(UUID id, boolean wait) throws InterruptedException {
        String cql = "SELECT * FROM system_traces.sessions WHERE session_id = " + id;
        long start = nanoTime.getAsLong();
        long pauseNanos = FIRST_PAUSE_NANOS;
        while (true) {
            Page page = holder.query(cql);
            if (!wait || isComplete(page)) {
                return page;
            }
            if (nanoTime.getAsLong() - start >= WAIT_NANOS_MAX) {
                output.result(
                        output.paint(
                                "Statement trace did not complete within 10 seconds; trace data"
                                        + " may be incomplete.",
                                Paint.ERROR));
                return page;
            }
            pause.sleep(pauseNanos);
            pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
        }
    }

    private static boolean isComplete(Page session) {
        return !session.rows().isEmpty()
                && Cells.number(session, session.rows().getFirst(), "duration") != null;
    }

    private void print(UUID id, Page session) throws InterruptedException {
        Page events = holder.query("SELECT * FROM system_traces.events WHERE session_id = " + id);
        ValueFormatter formatter = output.formatter();
        List<FormattedText> names = new ArrayList<>();
        for (String name : COLUMNS) {
            names.add(formatter.columnName(name, Paint.COLUMN));
        }
        output.result("");
        output.result(
                (formatter.color() ? Paint.TRACE.apply("Tracing session: ") : "Tracing session: ")
                        + id);
        output.result("");
        TableFormatter.table(names, rows(session, events, formatter), true, formatter.color())
                .forEach(output::result);
        output.result("");
        output.flush();
    }

    private List<List<FormattedText>> rows(Page session, Page events, ValueFormatter formatter) {
        List<@Nullable ByteBuffer> head = session.rows().getFirst();
        FormattedText coordinator = inet(session, head, "coordinator", formatter);
        FormattedText client = inet(session, head, "client", formatter);
        String request = Cells.text(session, head, "request");
        Long startedMillis = Cells.timestamp(session, head, "started_at");
        long startedMicros = startedMillis == null ? 0 : startedMillis * 1000;
        List<List<FormattedText>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        formatter.text(request == null ? "" : request),
                        time(startedMicros, formatter),
                        coordinator,
                        formatter.scalar("0"),
                        client));
        for (List<@Nullable ByteBuffer> event : events.rows()) {
            Integer elapsed = Cells.number(events, event, "source_elapsed");
            rows.add(
                    List.of(
                            formatter.text(
                                    Cells.text(events, event, "activity")
                                            + " ["
                                            + Cells.text(events, event, "thread")
                                            + "]"),
                            time(micros(Cells.bytes(events, event, "event_id")), formatter),
                            inet(events, event, "source", formatter),
                            elapsed == null
                                    ? formatter.text("--")
                                    : formatter.scalar(elapsed.toString()),
                            client));
        }
        Integer duration = Cells.number(session, head, "duration");
        if (duration != null) {
            rows.add(
                    List.of(
                            formatter.text("Request complete"),
                            time(startedMicros + duration, formatter),
                            coordinator,
                            formatter.scalar(duration.toString()),
                            client));
        }
        return rows;
    }

    private static FormattedText inet(
            Page page, List<@Nullable ByteBuffer> row, String column, ValueFormatter formatter) {
        return formatter.value(DataTypes.INET, Cells.bytes(page, row, column));
    }

    private static long micros(@Nullable ByteBuffer timeuuid) {
        if (timeuuid == null || timeuuid.remaining() != 2 * Long.BYTES) {
            return 0;
        }
        long high = timeuuid.getLong(timeuuid.position());
        return (new UUID(high, 0).timestamp() - UNIX_EPOCH_TICKS) / 10;
    }

    private FormattedText time(long micros, ValueFormatter formatter) {
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        return formatter.text(TIME.format(LocalDateTime.ofInstant(instant, output.zone())));
    }
}
