package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;

/// How much of a node's state is known: all up to `version` of `generation`; (0, 0) is nothing. In
/// an answer it asks for what comes after.
public record NodeDigest(Endpoint endpoint, long generation, long version) {}
