/// `helenus bulk`: files of rows into SSTables and into nodes, and rows of nodes into files.
///
/// One thread reads the input and cuts it into batches of records; as many workers as the machine has
/// processors turn their texts into values and add them to a
/// [io.helenus.engine.bulk.SSTableBulkWriter]. A record that is no row goes to the file of rejects,
/// with the place and the reason; no record is lost between: what was read is what was written and
/// what was rejected.
///
/// A record in which all clustering and all other regular columns are null, or missing, is a partition
/// that has nothing but static columns; exports have such records, as SELECT has.
///
/// # Values as text
///
/// | type                       | in CSV                                | in JSON                     |
/// |----------------------------|---------------------------------------|-----------------------------|
/// | text, ascii                | as it is                              | string                      |
/// | numbers, boolean           | as in CQL, without quotes             | the same, or a string       |
/// | uuid, inet, dates, times   | as in CQL, without quotes             | string                      |
/// | timestamp                  | `2024-05-01 10:00:00.000+0000`        | string in ISO 8601          |
/// | blob                       | `0x…`                                 | string `"0x…"`              |
/// | list, vector               | `[1, 2]`                              | `[1, 2]`                    |
/// | set                        | `{1, 2}` or `[1, 2]`                  | `[1, 2]`                    |
/// | map                        | `{'a': 1}` or `{"a": 1}`              | `{"a": 1}`, keys strings    |
/// | tuple                      | `(1, 'a')` or `[1, "a"]`              | `[1, "a"]`                  |
/// | user type                  | `{a: 1, b: 'x'}` or `{"a": 1}`        | `{"a": 1, "b": "x"}`        |
/// | null                       | the marker, without quotes            | `null`                      |
/// | no bytes, of a number etc. | `0x`                                  | `"0x"`                      |
///
/// Within brackets strings have single quotes, doubled inside, or double quotes with JSON's escapes, so
/// that literals of CQL and JSON are read alike.
@NullMarked
package io.helenus.tools.bulk;

import org.jspecify.annotations.NullMarked;
