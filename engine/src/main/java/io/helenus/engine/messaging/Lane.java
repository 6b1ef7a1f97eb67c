package io.helenus.engine.messaging;

/// One of a peer's connections; see the package.
enum Lane {
    URGENT(0),
    SMALL(1),
    LARGE(2);

    static final int SMALL_BYTES_MAX = 64 << 10;

    private static final Lane[] LANES = values();

    private final int number;

    Lane(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static Lane of(Message message) {
        if (message.verb().urgent()) {
            return URGENT;
        }
        return message.payloadBytes() <= SMALL_BYTES_MAX ? SMALL : LARGE;
    }

    static boolean exists(int number) {
        return number < LANES.length;
    }

    static Lane of(int number) {
        return LANES[number];
    }
}
