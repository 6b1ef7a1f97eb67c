package io.helenus.engine.storage;

import io.helenus.commitlog.CommitLogException;

/// The node takes no writes at present, whatever room its log has. Nothing was written.
public final class WritesRefusedException extends CommitLogException {
    private static final long serialVersionUID = 1;

    WritesRefusedException(String reason) {
        super("Writes are refused: " + reason, null);
    }
}
