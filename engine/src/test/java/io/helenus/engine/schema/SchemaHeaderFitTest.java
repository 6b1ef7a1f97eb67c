package io.helenus.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.types.NativeType;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which table's files can be another one's.
class SchemaHeaderFitTest {
    private static final UUID ID = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);

    private static TableSchema.Builder keys(UUID id) {
        return TableSchema.builder("ks", "t", id)
                .partitionKey("k", NativeType.INT)
                .clustering("c", NativeType.INT);
    }

    private static void check(TableSchema file, TableSchema table) {
        SchemaHeader.requireFits(SchemaHeader.decode(SchemaHeader.encode(file)), table);
    }

    private static void misfit(TableSchema file, TableSchema table, String why) {
        assertThatThrownBy(() -> check(file, table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aTableMadeAgainInTheSameWayFits() {
        TableSchema file = keys(ID).regular("v", NativeType.TEXT).build();
        check(file, file);
        check(file, keys(OTHER).regular("v", NativeType.TEXT).build());
        check(file, keys(OTHER).regular("v", NativeType.TEXT).regular("w", NativeType.INT).build());
    }

    @Test
    void columnsMustHaveTheSameNumberNameAndType() {
        TableSchema file =
                keys(ID).regular("v", NativeType.TEXT).regular("w", NativeType.INT).build();
        misfit(
                file,
                keys(OTHER).regular("w", NativeType.INT).regular("v", NativeType.TEXT).build(),
                "which has number 3 here");
        misfit(
                file,
                keys(OTHER).regular("v", NativeType.BLOB).regular("w", NativeType.INT).build(),
                "column v text as number 2, here it is REGULAR blob");
        misfit(file, keys(OTHER).regular("v", NativeType.TEXT).build(), "ks.t does not have");
    }

    @Test
    void aColumnThatWasDroppedHereIsNoObstacle() {
        TableSchema file =
                keys(ID).regular("v", NativeType.TEXT).regular("w", NativeType.INT).build();
        TableSchema.Builder now = keys(ID).regular("v", NativeType.TEXT).nextColumnId(4);
        check(file, now.build());
        misfit(
                file,
                keys(OTHER).regular("v", NativeType.TEXT).nextColumnId(4).build(),
                "ks.t does not have");
    }

    @Test
    void primaryKeysMustBeTheSame() {
        TableSchema file = keys(ID).build();
        assertThat(file.clustering()).hasSize(1);
        misfit(
                file,
                TableSchema.builder("ks", "t", ID).partitionKey("k", NativeType.INT).build(),
                "its primary key is another one: c int, in ks.t there is none");
        misfit(
                TableSchema.builder("ks", "t", ID).partitionKey("k", NativeType.INT).build(),
                file,
                "its primary key has 1 columns, that of ks.t 2");
        misfit(
                file,
                TableSchema.builder("ks", "t", ID)
                        .partitionKey("k", NativeType.INT)
                        .clusteringDescending("c", NativeType.INT)
                        .build(),
                "c int, in ks.t c int DESC");
    }
}
