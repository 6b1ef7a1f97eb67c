package io.helenus.tools.bulk;

import java.io.IOException;

/// An input that cannot be read on, whoever reads it: what is wrong with it, not yet where.
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableException(String problem, IOException cause) {
        super(problem, cause);
    }
}
