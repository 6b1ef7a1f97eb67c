package io.helenus.engine.streaming;

import java.io.IOException;

/// The other side refuses, or says what no peer of this version says. Trying again is no use.
public final class StreamException extends IOException {
    private static final long serialVersionUID = 1;

    public StreamException(String message) {
        super(message);
    }
}
