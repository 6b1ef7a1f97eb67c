package io.helenus.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Somebody at a terminal who can be asked. [#NOBODY] when there is none.
interface Dialog {
    /// A secret, not shown while it is typed; null if there is nobody, or nothing was typed.
    @Nullable String password(String prompt);

    /// Waits until the next page is wanted; false if it is not.
    boolean more();

    void clear();

    /// What was typed so far, oldest first; null if nothing is kept.
    @Nullable List<String> history();

    Dialog NOBODY =
            new Dialog() {
                @Override
                public @Nullable String password(String prompt) {
                    return null;
                }

                @Override
                public boolean more() {
                    return true;
                }

                @Override
                public void clear() {
                    // nothing to clear
                }

                @Override
                public @Nullable List<String> history() {
                    return null;
                }
            };
}
