package io.helenus.engine.types;

import java.util.List;

/// `list<element>`.
public final class ListType extends CollectionType {
    private static final int WIRE_ID = 0x20;

    private final ListCodec codec;

    public ListType(CqlType element, boolean frozen) {
        super("list", "ListType", WIRE_ID, frozen, inside(element, frozen));
        codec = ListCodec.list(element());
    }

    public CqlType element() {
        return subTypes().getFirst();
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    ListType of(List<CqlType> newParts, boolean newFrozen) {
        return new ListType(newParts.getFirst(), newFrozen);
    }

    @Override
    public CqlType pathType() {
        return NativeType.TIMEUUID;
    }
}
