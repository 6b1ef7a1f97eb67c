package io.helenus.shell;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;

/// A history that does not remember passwords.
final class SecretlessHistory extends DefaultHistory {
    private static final Pattern SECRET =
            Pattern.compile("\\b(password|login)\\b", Pattern.CASE_INSENSITIVE);

    @Override
    public void add(Instant time, String line) {
        if (!SECRET.matcher(line).find()) {
            super.add(time, line);
        }
    }
}
