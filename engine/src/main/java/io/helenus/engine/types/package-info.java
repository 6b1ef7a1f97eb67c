/// The types of CQL: their names, the native protocol's format of their values, their literals, and
/// their order as bytes. Everything here is immutable or stateless; what is reusable says whose it
/// is. Query, schema and transport call it; storage sees only the keys.
///
/// [io.helenus.engine.types.CqlType] is the front door. Values are slices of bytes as clients send
/// them (protocol v3 and later); nothing is turned into objects to be compared or stored.
///
/// A bound value goes through `validate`, then, where [io.helenus.engine.types.NormalForm] is needed
/// for its type, into the form in which it is stored. [io.helenus.engine.types.Elements] walks the
/// parts of a value, [io.helenus.engine.types.ElementWriter] packs them.
///
/// ## Keys
///
/// The order of a type is the unsigned order of its keys. A key is a tag (see
/// [io.helenus.sstable.model.RowKeys]) and, for a value of at least one byte, a payload of which
/// none is a prefix of another:
///
/// | type | payload |
/// |---|---|
/// | tinyint, smallint, int, bigint, counter, timestamp | its bytes, sign flipped |
/// | date, time | its bytes |
/// | boolean | 0 or 1 |
/// | float, double | IEEE bits; all flipped if negative, else the sign; every NaN is one |
/// | uuid | 16 bytes, version first; version 1 then has time_hi, time_mid, time_low |
/// | timeuuid | the same, and the last 8 bytes with their signs flipped |
/// | text, ascii, blob, inet, duration, custom | its bytes, `00` as `00 FF`, then `00 00` |
/// | varint | see `VarintCodec` |
/// | decimal | see `DecimalCodec` |
/// | list, set | a component per element, then `00` |
/// | map | components of key, value, key, value, …, then `00` |
/// | tuple, user type | components up to the last that is not null, then `00` |
/// | vector | its elements' payloads, or components if they have no fixed length |
///
/// A component is again a tag and a payload. In a descending column the payload is inverted as a
/// whole, its inner tags with it; the tag before it never is.
///
/// Several values may have one key: 1.0 and 1.00, −NaN and NaN, a padded varint, nulls at a tuple's
/// end. `keyIsCanonical` tells whether a value comes back from its key as it was.
///
/// Golden files, recorded from a running Cassandra 5.0 by `src/test/python/record_types.py`, pin all
/// of this. We differ on purpose in little: text without a time zone is UTC, addresses are never
/// looked up by name, a blob is no tinyint, lists have no null elements, overlong UTF-8 is refused,
/// sets and maps within tuples and user types are sorted too, and an empty component at the end of a
/// tuple is not null.
@NullMarked
package io.helenus.engine.types;

import org.jspecify.annotations.NullMarked;
