/// Values and tables as text, laid out as `cqlsh` lays them out, so that scripts that read the output
/// of one read that of the other. Pure: bytes and types in, text out; no terminal, no server, no
/// clock. Called by the shell's own thread; everything here is immutable.
///
/// | CQL type                      | shown as                                                        |
/// |-------------------------------|-----------------------------------------------------------------|
/// | ascii, text                   | as it is; `\` doubled, control characters as `\n`, `\x00`       |
/// | tinyint … bigint, varint, counter, decimal | digits                                             |
/// | float, double                 | five digits, scientific outside 0.0001 … 99999 ([NumberText])   |
/// | boolean                       | `True`, `False`                                                 |
/// | blob and unknown custom types | `0x` and hexadecimal digits                                     |
/// | timestamp                     | `2024-05-01 10:00:00.000000+0000`; outside the years 1 to 9999 milliseconds |
/// | date                          | `2024-05-01`; outside the years 1 to 9999 days since 1970       |
/// | time                          | `10:00:00.000000000`                                            |
/// | duration                      | `1y2mo3d4h5m6s7ms8us9ns`                                        |
/// | uuid, timeuuid, inet          | their usual text                                                |
/// | list, vector                  | `[a, b]`                                                        |
/// | set                           | `{a, b}`                                                        |
/// | map, user type                | `{a: 1, b: 2}`                                                  |
/// | tuple                         | `(a, b)`                                                        |
/// | no value                      | `null`                                                          |
/// | a value of no bytes           | nothing (text has no bytes either; a blob of none is `0x`)      |
///
/// Inside a collection, tuple or user type, text, inet and timestamp stand in single quotes.
@NullMarked
package io.helenus.shell.format;

import org.jspecify.annotations.NullMarked;
