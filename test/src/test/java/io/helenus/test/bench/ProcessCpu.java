package io.helenus.test.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// CPU time of another process, user and system, as the kernel of Linux tells.
final class ProcessCpu {
    private static final double CLOCK_TICKS_PER_SECOND = 100;
    private static final int USER_TICKS_FIELD = 11; // of /proc/PID/stat, behind the command's name

    private ProcessCpu() {}

    /// @throws java.nio.file.NoSuchFileException if it is gone
    static double seconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS_FIELD])
                        + Long.parseLong(fields[USER_TICKS_FIELD + 1]))
                / CLOCK_TICKS_PER_SECOND;
    }
}
