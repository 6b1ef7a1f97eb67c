package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Laws that the keys of all types keep.
class KeyPropertyTest {
    private static final int VALUES = 12;

    @Property(tries = 3000)
    void keysOrderAsValuesDoInBothDirections(@ForAll long seed) {
        RandomValues random = new RandomValues(new SplittableRandom(seed));
        CqlType type = random.type();
        byte[][] values = values(random, type);
        for (byte[] a : values) {
            for (byte[] b : values) {
                int expected = Integer.signum(ReferenceOrder.compare(type, a, b));
                assertThat(compareKeys(type, a, b, false))
                        .as("%s: %s and %s", type, hex(a), hex(b))
                        .isEqualTo(expected);
                assertThat(compareKeys(type, a, b, true)).isEqualTo(-expected);
                assertThat(Integer.signum(type.compare(a, b))).isEqualTo(expected);
            }
        }
    }

    @Property(tries = 3000)
    void noKeyIsAPrefixOfAnother(@ForAll long seed) {
        RandomValues random = new RandomValues(new SplittableRandom(seed));
        CqlType type = random.type();
        byte[][] values = values(random, type);
        for (boolean descending : new boolean[] {false, true}) {
            for (byte[] a : values) {
                for (byte[] b : values) {
                    byte[] left = key(type, a, descending);
                    byte[] right = key(type, b, descending);
                    int mismatch = Arrays.mismatch(left, right);
                    assertThat(mismatch).isLessThan(Math.min(left.length, right.length));
                }
            }
        }
    }

    @Property(tries = 3000)
    void keysGiveTheirValuesBackIfCanonical(@ForAll long seed) {
        RandomValues random = new RandomValues(new SplittableRandom(seed));
        CqlType type = random.type();
        for (byte[] value : values(random, type)) {
            type.validate(value);
            for (boolean descending : new boolean[] {false, true}) {
                byte[] key = framed(key(type, value, descending));
                ByteWriter decoded = new ByteWriter().writeByte(1);
                int end = type.decodeKey(key, 2, descending, decoded);
                assertThat(end).isEqualTo(key.length - 2);
                assertThat(type.skipKey(key, 2, descending)).isEqualTo(end);
                byte[] back = Arrays.copyOfRange(decoded.array(), 1, decoded.length());
                type.validate(back);
                assertThat(type.keyIsCanonical(back, 0, back.length)).isTrue();
                assertThat(key(type, back, descending)).isEqualTo(key(type, value, descending));
                if (type.keyIsCanonical(value, 0, value.length)) {
                    assertThat(hex(back)).as(type.cqlName()).isEqualTo(hex(value));
                }
            }
        }
    }

    @Property(tries = 2000)
    void normalFormsAreValidAndStaySo(@ForAll long seed) {
        RandomValues random = new RandomValues(new SplittableRandom(seed));
        CqlType type = random.type();
        for (byte[] value : values(random, type)) {
            byte[] sorted = Golden.normal(type, value);
            type.validate(sorted);
            assertThat(NormalForm.isNormal(type, sorted, 0, sorted.length)).isTrue();
            assertThat(Golden.normal(type, sorted)).isEqualTo(sorted);
            if (NormalForm.isNormal(type, value, 0, value.length)) {
                assertThat(sorted).isEqualTo(value);
            }
        }
    }

    @Property(tries = 3000)
    void brokenBytesAreRefusedByNameOnly(@ForAll long seed) {
        SplittableRandom bits = new SplittableRandom(seed);
        RandomValues random = new RandomValues(bits);
        CqlType type = random.type();
        byte[] value = random.value(type);
        byte[] broken = Arrays.copyOf(value, Math.max(0, value.length + bits.nextInt(-2, 2)));
        if (broken.length > 0) {
            broken[bits.nextInt(broken.length)] ^= (byte) (1 << bits.nextInt(8));
        }
        try {
            type.validate(broken);
        } catch (InvalidValueException e) {
            assertThat(e).hasMessageMatching("(?s).+");
            return;
        }
        byte[] key = key(type, broken, false); // what is valid can be used
        assertThat(type.skipKey(key, 0, false)).isEqualTo(key.length);
        assertThat(type.format(broken)).isNotNull();
    }

    private static byte[][] values(RandomValues random, CqlType type) {
        byte[][] values = new byte[VALUES][];
        Arrays.setAll(values, _ -> random.value(type));
        return values;
    }

    private static byte[] framed(byte[] key) {
        byte[] framed = new byte[key.length + 4];
        Arrays.fill(framed, (byte) 0x55);
        System.arraycopy(key, 0, framed, 2, key.length);
        return framed;
    }

    private static int compareKeys(CqlType type, byte[] a, byte[] b, boolean descending) {
        return Integer.signum(
                Arrays.compareUnsigned(key(type, a, descending), key(type, b, descending)));
    }

    private static byte[] key(CqlType type, byte[] value, boolean descending) {
        ByteWriter out = new ByteWriter();
        type.encodeKey(value, 0, value.length, descending, out);
        return out.toArray();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
