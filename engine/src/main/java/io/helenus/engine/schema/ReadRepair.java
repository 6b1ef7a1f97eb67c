package io.helenus.engine.schema;

/// Table option `read_repair`: whether a read writes what it found missing before it answers.
public enum ReadRepair {
    BLOCKING,
    NONE
}
