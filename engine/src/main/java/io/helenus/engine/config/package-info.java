/// What an operator may set, and where it comes from: `conf/helenus.yaml`, then the command line.
///
/// [io.helenus.engine.config.Settings] is read once, by the thread that starts a node, before anything
/// else exists; it is immutable and the node's parts are made from it. All settings are defined in one
/// list ([io.helenus.engine.config.Setting]), with their defaults and limits. Names are Cassandra's
/// where they mean the same.
///
/// Nothing is ignored: an unknown name, a value outside its limits, a value twice or two settings that
/// contradict each other end the start with an error that names the setting, the value, the limits and
/// where it stood. All errors are reported, not only the first.
///
/// | kind | looks like |
/// |---|---|
/// | size | `512KiB`, `32MiB`, `8GiB`; a bare number only if it is 0 |
/// | duration | `500us`, `10ms`, `10s`, `5m`, `2h`, `1d`; a bare number only if it is 0 |
/// | list | a YAML list; on the command line separated by commas |
@NullMarked
package io.helenus.engine.config;

import org.jspecify.annotations.NullMarked;
