package io.helenus.sstable.model;

import io.helenus.sstable.model.Plain.Deletion;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A cursor over a part of a [PlainSource], as loose as the contract allows: whether it says that a
/// deletion begins right at its first key, and where in an array its slices lie, is by chance. What it
/// showed before is overwritten with each step.
final class ListCursor implements RowCursor {
    private static final byte[] NOTHING = {};

    private final List<PlainSource.Item> items;
    private final boolean reversed;
    private final Deletion atStart;
    private final Deletion atEnd;
    private final Random random;
    private int next;
    private boolean closed;
    private Kind kind = Kind.END;
    private byte[] key = NOTHING;
    private byte[] value = NOTHING;
    private int keyOffset;
    private int valueOffset;
    private Deletion before;
    private Deletion after;

    ListCursor(PlainSource source, String start, String end, boolean reversed, Random random) {
        List<PlainSource.Item> inOrder = source.items(start, end);
        this.random = random;
        this.reversed = reversed;
        boolean startsInside =
                !inOrder.isEmpty()
                        && inOrder.getFirst().kind() == Kind.BOUNDARY
                        && inOrder.getFirst().key().equals(start)
                        && random.nextBoolean();
        items = startsInside ? inOrder.subList(1, inOrder.size()) : inOrder;
        Deletion low = startsInside ? source.deletionAt(start) : source.deletionBefore(start);
        Deletion high = source.deletionBefore(end);
        atStart = reversed ? high : low;
        atEnd = reversed ? low : high;
        before = atStart;
        after = atStart;
        next = reversed ? items.size() - 1 : 0;
    }

    @Override
    public Kind next() {
        checkOpen();
        Arrays.fill(key, (byte) 0xee);
        Arrays.fill(value, (byte) 0xee);
        if (next < 0 || next >= items.size()) {
            kind = Kind.END;
            before = atEnd;
            after = atEnd;
            return kind;
        }
        PlainSource.Item item = items.get(next);
        next += reversed ? -1 : 1;
        kind = item.kind();
        keyOffset = random.nextInt(3);
        key = shifted(item.key(), keyOffset);
        valueOffset = random.nextInt(3);
        value = shifted(item.value(), valueOffset);
        before = reversed ? item.after() : item.before();
        after = reversed ? item.before() : item.after();
        return kind;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    private static byte[] shifted(String hex, int offset) {
        byte[] bytes = PlainSource.bytes(hex);
        byte[] shifted = new byte[bytes.length + offset];
        System.arraycopy(bytes, 0, shifted, offset, bytes.length);
        return shifted;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public void skipTo(byte[] to, int offset, int length) {
        checkOpen();
        String target = Plain.hex(to, offset, length);
        if (reversed) {
            while (next >= 0 && items.get(next).key().compareTo(target) >= 0) {
                next--;
            }
        } else {
            while (next < items.size() && items.get(next).key().compareTo(target) < 0) {
                next++;
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public byte[] keyArray() {
        return key;
    }

    @Override
    public int keyOffset() {
        return keyOffset;
    }

    @Override
    public int keyLength() {
        return key.length - keyOffset;
    }

    @Override
    public byte[] valueArray() {
        return value;
    }

    @Override
    public int valueOffset() {
        return valueOffset;
    }

    @Override
    public int valueLength() {
        return value.length - valueOffset;
    }

    @Override
    public long beforeTimestamp() {
        return before.timestamp();
    }

    @Override
    public int beforeDeletionTime() {
        return (int) before.time();
    }

    @Override
    public long afterTimestamp() {
        return after.timestamp();
    }

    @Override
    public int afterDeletionTime() {
        return (int) after.time();
    }

    @Override
    public void close() {
        closed = true;
    }
}
