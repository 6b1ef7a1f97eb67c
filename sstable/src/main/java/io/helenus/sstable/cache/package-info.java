/// The block cache: decompressed, checked blocks of SSTables on the heap, bounded by bytes.
///
/// One [io.helenus.sstable.cache.BlockCache] per node, built on Caffeine, whose admission policy
/// (W-TinyLFU) keeps a scan from washing out what is read often. Any thread looks up and fills;
/// maintenance runs on the executor that the node passes in. Once it is full, a data block that a point
/// read misses gets a place only when it is missed again before long. A lookup takes a
/// [io.helenus.sstable.cache.BlockKey] that its thread owns and re-sets, so a hit allocates nothing.
///
/// A [io.helenus.sstable.cache.Block] is immutable and garbage-collected: who holds one may read it
/// for as long as it likes, evicted or not. Knows nothing about what the bytes mean, nor about files.
@NullMarked
package io.helenus.sstable.cache;

import org.jspecify.annotations.NullMarked;
