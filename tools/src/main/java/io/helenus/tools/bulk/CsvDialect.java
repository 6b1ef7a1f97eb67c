package io.helenus.tools.bulk;

/// How CSV is written.
///
/// @param comment begins lines that are passed over; 0 for none
/// @param nullMarker a field that is this, without quotes, is null
record CsvDialect(char delimiter, char quote, char escape, char comment, String nullMarker) {}
