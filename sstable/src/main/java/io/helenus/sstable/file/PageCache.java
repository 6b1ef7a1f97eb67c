package io.helenus.sstable.file;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads of a file that the operating system answers from its own memory, or not at all: `preadv2` with
/// `RWF_NOWAIT` on Linux. So a thread that may not wait for a disk can still read what lies in memory.
///
/// Nothing here fails: where the system, its C library, its file system or the JVM's flags
/// (`--enable-native-access`) do not play along, there is just nothing to be had. Stateless.
final class PageCache {
    /// What one read needs beside its target: a `struct iovec`, address and length.
    static final int VECTOR_BYTES = 2 * Long.BYTES;

    static final int NO_FILE = -1;

    private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
    private static final int RWF_NOWAIT = 8;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private static final @Nullable MethodHandle OPEN =
            function(
                    "open",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final @Nullable MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle PREADV2 =
            function(
                    "preadv2",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));

    private PageCache() {}

    @SuppressWarnings("restricted") // asked for only where the JVM was started with leave for it
    private static @Nullable MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        boolean usable =
                PageCache.class.getModule().isNativeAccessEnabled()
                        && System.getProperty("os.name", "").equals("Linux")
                        && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
        if (!usable) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return library.find(name)
                .map(address -> linker.downcallHandle(address, descriptor, options))
                .orElse(null);
    }

    /// Opens a file once more, for this.
    ///
    /// @return its descriptor, or [#NO_FILE]
    static int open(Path path) {
        MethodHandle open = OPEN;
        if (open == null
                || PREADV2 == null
                || !path.getFileSystem().equals(FileSystems.getDefault())) {
            return NO_FILE;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            return Math.max(NO_FILE, (int) open.invokeExact(name, READ_ONLY_CLOSE_ON_EXEC));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void close(int descriptor) {
        MethodHandle close = CLOSE;
        if (descriptor != NO_FILE && close != null) {
            try {
                int _ = (int) close.invokeExact(descriptor);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    /// Reads into `memory` after its first [#VECTOR_BYTES].
    ///
    /// @return whether all of it was in memory
    static boolean read(int descriptor, MemorySegment memory, int bytes, long position) {
        MethodHandle read = PREADV2;
        if (descriptor == NO_FILE || read == null) {
            return false;
        }
        memory.set(LONG, 0, memory.address() + VECTOR_BYTES);
        memory.set(LONG, Long.BYTES, bytes);
        try {
            return (long) read.invokeExact(descriptor, memory, 1, position, RWF_NOWAIT) == bytes;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A call of a C function throws nothing.
    private static IllegalStateException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
