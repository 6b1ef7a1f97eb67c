package io.helenus.engine.storage.memtable;

import java.util.Arrays;

/// The pins of all readers of a node's memtables. Readers register seldom (once per cursor object, and
/// those are pooled), holders look through all of them when they cut version chains.
public final class MemtableReaders {
    private volatile StripePin[] pins = {};

    synchronized StripePin register() {
        StripePin pin = new StripePin();
        StripePin[] grown = Arrays.copyOf(pins, pins.length + 1);
        grown[pins.length] = pin;
        pins = grown;
        return pin;
    }

    synchronized void unregister(StripePin pin) {
        pins = Arrays.stream(pins).filter(other -> other != pin).toArray(StripePin[]::new);
    }

    /// The oldest sequence of a stripe that a reader is at or may still get to.
    long oldestSequence(Stripe stripe, long published) {
        long oldest = published;
        for (StripePin pin : pins) {
            if (pin.isIn(stripe)) {
                oldest = Math.min(oldest, pin.sequence());
            }
        }
        return oldest;
    }
}
