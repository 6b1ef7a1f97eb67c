package io.helenus.engine.types;

import java.util.List;

/// `set<element>`: elements in their order, each once.
public final class SetType extends CollectionType {
    private static final int WIRE_ID = 0x22;

    private final ListCodec codec;

    public SetType(CqlType element, boolean frozen) {
        super("set", "SetType", WIRE_ID, frozen, inside(element, frozen));
        codec = ListCodec.set(element());
    }

    public CqlType element() {
        return subTypes().getFirst();
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    SetType of(List<CqlType> newParts, boolean newFrozen) {
        return new SetType(newParts.getFirst(), newFrozen);
    }

    @Override
    public CqlType pathType() {
        return element();
    }
}
