package io.helenus.engine.storage.memtable;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Says to the writers of a stripe which sequence one reader is at. Set and cleared by its reader,
/// read by every holder that wants to cut version chains.
final class StripePin {
    private volatile @Nullable Stripe stripe;
    private volatile long sequence;

    /// Pins the newest published sequence of a stripe. The sequence is looked at again after the pin
    /// is to be seen: if it has not changed, then no holder cut for a newer one without seeing the pin.
    long pin(Stripe stripe) {
        long published = stripe.published();
        sequence = published;
        this.stripe = stripe;
        VarHandle.fullFence();
        long again = stripe.published();
        while (again != published) {
            published = again;
            sequence = published;
            VarHandle.fullFence();
            again = stripe.published();
        }
        return published;
    }

    void unpin() {
        stripe = null;
    }

    boolean isIn(Stripe other) {
        return stripe == other;
    }

    long sequence() {
        return sequence;
    }
}
