package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.LogEntry;

/// An entry that an acceptor has accepted, and in which ballot.
public record Vote(Ballot ballot, LogEntry entry) {}
