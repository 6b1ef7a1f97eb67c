package io.helenus.commitlog;

/// How the bytes of a segment reach its file.
public enum SegmentKind {
    /// One Chronicle Bytes mapping per segment. Needs the JVM flags of `conf/jvm.options`.
    MAPPED,
    /// A `java.lang.foreign` mapping. Needs no JVM flags, so embedded nodes use it.
    MEMORY_SEGMENT,
    /// Positional writes through [LogFile], so that a simulated or failing disk sees each of them. The
    /// appending thread makes the system call.
    CHANNEL
}
