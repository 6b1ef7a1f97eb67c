package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;

/// Hears how a request went: exactly one of its methods is called, once, never within the request
/// itself, on the executor that was given with it.
public interface ResponseHandler {
    void onResponse(Endpoint from, Message response);

    void onFailure(Endpoint from, RequestFailure failure);
}
