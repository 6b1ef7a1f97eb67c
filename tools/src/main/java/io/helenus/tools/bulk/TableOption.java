package io.helenus.tools.bulk;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A table as `keyspace.table`, names as they are stored.
record TableOption(String keyspace, String name) {
    static final class Converter implements ITypeConverter<TableOption> {
        @Override
        public TableOption convert(String text) {
            int dot = text.indexOf('.');
            if (dot < 1 || dot == text.length() - 1 || text.indexOf('.', dot + 1) >= 0) {
                throw new TypeConversionException(
                        "'%s' is not of the form keyspace.table".formatted(text));
            }
            return new TableOption(text.substring(0, dot), text.substring(dot + 1));
        }
    }

    @Override
    public String toString() {
        return keyspace + "." + name;
    }
}
