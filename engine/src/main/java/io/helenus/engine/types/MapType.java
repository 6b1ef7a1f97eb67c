package io.helenus.engine.types;

import java.util.List;

/// `map<key, value>`: entries in the order of their keys, each key once.
public final class MapType extends CollectionType {
    private static final int WIRE_ID = 0x21;

    private final MapCodec codec;

    public MapType(CqlType key, CqlType value, boolean frozen) {
        super("map", "MapType", WIRE_ID, frozen, inside(key, frozen), inside(value, frozen));
        codec = new MapCodec(key(), value());
    }

    public CqlType key() {
        return subTypes().getFirst();
    }

    public CqlType value() {
        return subTypes().getLast();
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    MapType of(List<CqlType> newParts, boolean newFrozen) {
        return new MapType(newParts.getFirst(), newParts.getLast(), newFrozen);
    }

    @Override
    public CqlType pathType() {
        return key();
    }
}
