package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CqlTypeTest {
    private static final UserType PAIR = Golden.PAIR;

    @Test
    void userTypesAreFoundAndReplacedWhereverTheyAre() {
        CqlType type = Golden.parse("map<text, frozen<list<tuple<vector<frozen<pair>, 2>, int>>>>");
        assertThat(type.referencesUserType("golden_types", "pair")).isTrue();
        assertThat(type.referencesUserType("other", "pair")).isFalse();
        List<String> names = new ArrayList<>(PAIR.fieldNames());
        names.add("more");
        List<CqlType> types = new ArrayList<>(PAIR.fieldTypes());
        types.add(NativeType.INET);
        UserType altered = new UserType("golden_types", "pair", names, types, false);
        CqlType replaced =
                type.withUserTypesReplaced(
                        user -> user.isNamed("golden_types", "pair") ? altered : user);
        assertThat(replaced.cqlName()).isEqualTo(type.cqlName());
        assertThat(replaced).isNotEqualTo(type);
        assertThat(replaced.className()).contains("InetAddressType");
        assertThat(type.withUserTypesReplaced(user -> user)).isSameAs(type);
    }

    @Test
    void fieldsMayBeRenamedInANestedUserType() {
        UserType outer = (UserType) Golden.parse("outer_type");
        UserType renamed =
                new UserType("golden_types", "pair", List.of("n", "t"), PAIR.fieldTypes(), false);
        UserType replaced =
                outer.withUserTypesReplaced(
                        user -> user.isNamed("golden_types", "pair") ? renamed : user);
        assertThat(replaced.fieldTypes().getFirst()).isEqualTo(renamed.freeze());
        assertThat(replaced.isFrozen()).isFalse();
    }

    @Test
    void multiCellTypesHavePaths() {
        assertThat(Golden.parse("list<text>").pathType()).isEqualTo(NativeType.TIMEUUID);
        assertThat(Golden.parse("set<text>").pathType()).isEqualTo(NativeType.TEXT);
        assertThat(Golden.parse("map<int, text>").pathType()).isEqualTo(NativeType.INT);
        assertThat(PAIR.pathType()).isEqualTo(NativeType.SMALLINT);
        assertThatThrownBy(NativeType.INT::pathType).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freezingGoesDeep() {
        CqlType type = Golden.parse("frozen<map<text, list<set<int>>>>");
        assertThat(type.cqlName()).isEqualTo("frozen<map<text, frozen<list<frozen<set<int>>>>>>");
        assertThat(type.isMultiCell()).isFalse();
        assertThat(type.freeze()).isSameAs(type);
    }

    @Test
    void oldProtocolsSeeNewTypesAsCustom() {
        assertThat(NativeType.DATE.wireId(3)).isZero();
        assertThat(NativeType.DATE.wireId(4)).isEqualTo(0x11);
        assertThat(NativeType.DURATION.wireId(4)).isZero();
        assertThat(NativeType.DURATION.wireId(5)).isEqualTo(0x15);
        assertThat(NativeType.INT.wireId(3)).isEqualTo(9);
    }

    @Test
    void typesOfWrongTextAreRefused() {
        for (String text :
                List.of(
                        "",
                        "list",
                        "list<int",
                        "list<int>>",
                        "map<int>",
                        "vector<int, x>",
                        "'Int32Type",
                        "\"a",
                        "frozen<text>",
                        "list<>",
                        "vector<int, 99999999999>",
                        "list<".repeat(200) + "int" + ">".repeat(200))) {
            assertThatThrownBy(() -> TypeParser.parse(text))
                    .as(text)
                    .isInstanceOf(InvalidValueException.class);
        }
        for (String text :
                List.of(
                        "",
                        "ListType",
                        "ListType()",
                        "MapType(Int32Type)",
                        "Int32Type)",
                        "VectorType(Int32Type , x)",
                        "UserType(ks,zz)",
                        "FrozenType(",
                        "CompositeType(Int32Type",
                        "ListType(".repeat(200))) {
            assertThatThrownBy(() -> MarshalClassParser.parse(text))
                    .as(text)
                    .isInstanceOf(InvalidValueException.class);
        }
    }

    @Test
    void typeNamesTakeSpaceAndCase() {
        assertThat(TypeParser.parse(" FROZEN < Map<Text ,INT> > ").cqlName())
                .isEqualTo("frozen<map<text, int>>");
        assertThat(TypeParser.parse("varchar")).isEqualTo(NativeType.TEXT);
        assertThat(TypeParser.parse("empty")).isEqualTo(NativeType.EMPTY);
        assertThat(
                        TypeParser.parse(
                                "ks.\"T\"\"x\"",
                                (keyspace, name) ->
                                        new UserType(
                                                String.valueOf(keyspace),
                                                name,
                                                List.of(),
                                                List.of(),
                                                false)))
                .isEqualTo(new UserType("ks", "T\"x", List.of(), List.of(), false));
    }

    @Test
    void keysKeepNullAndEmptyApart() {
        for (boolean descending : new boolean[] {false, true}) {
            var out = new io.helenus.sstable.model.ByteWriter();
            NativeType.INT.encodeKey(null, 0, 0, descending, out);
            NativeType.INT.encodeKey(new byte[0], 0, 0, descending, out);
            byte[] keys = out.toArray();
            assertThat(keys).hasSize(2);
            assertThat(CqlType.isNullKey(keys, 0)).isTrue();
            assertThat(CqlType.isNullKey(keys, 1)).isFalse();
            assertThat(NativeType.INT.skipKey(keys, 0, descending)).isEqualTo(1);
            assertThat(NativeType.INT.decodeKey(keys, 1, descending, out.clear())).isEqualTo(2);
            assertThat(out.length()).isZero();
        }
    }
}
