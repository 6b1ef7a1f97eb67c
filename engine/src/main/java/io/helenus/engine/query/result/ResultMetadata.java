package io.helenus.engine.query.result;

import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.CustomType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.UserType;
import io.helenus.engine.types.VectorType;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names and types of a result's columns, encoded once. Immutable.
public final class ResultMetadata {
    private static final int GLOBAL_TABLE = 0x0001;
    private static final int HAS_MORE_PAGES = 0x0002;
    private static final int NO_METADATA = 0x0004;
    private static final int METADATA_CHANGED = 0x0008;

    /// Protocol versions differ in which types they know.
    private static final int VERSION_MIN = 3;

    private static final int VERSION_MAX = 5;

    private final List<ColumnSpec> columns;
    private final boolean globalTable;
    private final byte[][] specs = new byte[VERSION_MAX - VERSION_MIN + 1][];
    private final byte[] id;

    public ResultMetadata(List<ColumnSpec> columns) {
        this.columns = List.copyOf(columns);
        globalTable = isOneTable(columns);
        for (int version = VERSION_MIN; version <= VERSION_MAX; version++) {
            ByteWriter out = new ByteWriter(256);
            writeSpecs(out, columns, globalTable, version);
            specs[version - VERSION_MIN] = out.toArray();
        }
        id = md5(specs[VERSION_MAX - VERSION_MIN]);
    }

    static boolean isOneTable(List<ColumnSpec> columns) {
        for (ColumnSpec column : columns) {
            if (!column.keyspace().equals(columns.getFirst().keyspace())
                    || !column.table().equals(columns.getFirst().table())) {
                return false;
            }
        }
        return !columns.isEmpty();
    }

    public List<ColumnSpec> columns() {
        return columns;
    }

    /// v5's id of the metadata: 16 bytes, not to be changed.
    public byte[] id() {
        return id;
    }

    /// Writes the metadata of a page of rows.
    ///
    /// @param skip leave out columns: the client has them
    /// @param changedId the new id if the client's metadata is out of date (v5)
    public void write(
            ByteWriter out,
            int protocolVersion,
            boolean skip,
            byte @Nullable [] pagingState,
            byte @Nullable [] changedId) {
        int flags = 0;
        if (skip) {
            flags |= NO_METADATA;
        } else if (globalTable) {
            flags |= GLOBAL_TABLE;
        }
        if (pagingState != null) {
            flags |= HAS_MORE_PAGES;
        }
        if (changedId != null) {
            flags |= METADATA_CHANGED;
        }
        out.writeInt(flags).writeInt(columns.size());
        if (pagingState != null) {
            out.writeInt(pagingState.length).writeBytes(pagingState);
        }
        if (changedId != null) {
            out.writeShort(changedId.length).writeBytes(changedId);
        }
        if (!skip) {
            out.writeBytes(specs[protocolVersion - VERSION_MIN]);
        }
    }

    /// v5's id of the metadata of a statement that returns no rows.
    public static byte[] ofNoRows() {
        return md5(new byte[0]);
    }

    /// Metadata of a statement that returns no rows, in RESULT/Prepared.
    public static void writeNone(ByteWriter out) {
        out.writeInt(NO_METADATA).writeInt(0);
    }

    /// Writes the bind markers' metadata of RESULT/Prepared.
    ///
    /// @param partitionKeyMarkers by partition key column its marker; empty if they are not all known
    public static void writeMarkers(
            ByteWriter out,
            List<ColumnSpec> markers,
            int[] partitionKeyMarkers,
            int protocolVersion) {
        boolean oneTable = isOneTable(markers);
        out.writeInt(oneTable ? GLOBAL_TABLE : 0).writeInt(markers.size());
        if (protocolVersion >= 4) {
            out.writeInt(partitionKeyMarkers.length);
            for (int marker : partitionKeyMarkers) {
                out.writeShort(marker);
            }
        }
        writeSpecs(out, markers, oneTable, protocolVersion);
    }

    private static void writeSpecs(
            ByteWriter out, List<ColumnSpec> columns, boolean oneTable, int protocolVersion) {
        if (oneTable) {
            writeString(out, columns.getFirst().keyspace());
            writeString(out, columns.getFirst().table());
        }
        for (ColumnSpec column : columns) {
            if (!oneTable) {
                writeString(out, column.keyspace());
                writeString(out, column.table());
            }
            writeString(out, column.name());
            writeType(out, column.type(), protocolVersion);
        }
    }

    /// A type as the protocol's `[option]`.
    public static void writeType(ByteWriter out, CqlType type, int version) {
        int wireId = type.wireId(version);
        out.writeShort(wireId);
        switch (type) {
            case NativeType _ -> {
                if (wireId == 0) {
                    writeString(out, type.className());
                }
            }
            case ListType list -> writeType(out, list.element(), version);
            case SetType set -> writeType(out, set.element(), version);
            case MapType map -> {
                writeType(out, map.key(), version);
                writeType(out, map.value(), version);
            }
            case TupleType tuple -> {
                out.writeShort(tuple.subTypes().size());
                tuple.subTypes().forEach(component -> writeType(out, component, version));
            }
            case UserType user -> {
                writeString(out, user.keyspace());
                writeString(out, user.name());
                out.writeShort(user.fieldNames().size());
                for (int i = 0; i < user.fieldNames().size(); i++) {
                    writeString(out, user.fieldNames().get(i));
                    writeType(out, user.fieldTypes().get(i), version);
                }
            }
            case VectorType vector -> writeString(out, vector.className());
            case CustomType custom -> writeString(out, custom.className());
        }
    }

    /// The protocol's `[string]`.
    public static void writeString(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0xffff) {
            throw new IllegalArgumentException(
                    "String of %d bytes, limit is 65535".formatted(bytes.length));
        }
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
