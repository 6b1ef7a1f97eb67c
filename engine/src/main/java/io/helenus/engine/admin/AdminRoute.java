package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One thing that can be asked for.
///
/// @param method of HTTP: GET looks, POST does, DELETE removes
/// @param parameters that it takes; others are refused
public record AdminRoute(String method, String path, Set<String> parameters, Action action) {

    /// Does it. Runs on an admin thread, which may do I/O; what takes long is given back as a stage.
    @FunctionalInterface
    public interface Action {
        /// @throws AdminException if it is refused
        CompletionStage<? extends Json> run(AdminRequest request) throws IOException;
    }

    public AdminRoute {
        parameters = Set.copyOf(parameters);
    }

    /// Something to look at, which is there at once.
    static AdminRoute get(String path, Immediate look, String... parameters) {
        return new AdminRoute("GET", path, Set.of(parameters), at(look));
    }

    static AdminRoute post(String path, Action action, String... parameters) {
        return new AdminRoute("POST", path, Set.of(parameters), action);
    }

    /// Something that is done when the call returns.
    static AdminRoute change(String method, String path, Immediate change, String... parameters) {
        return new AdminRoute(method, path, Set.of(parameters), at(change));
    }

    private static Action at(Immediate immediate) {
        return request -> CompletableFuture.completedStage(immediate.answer(request));
    }

    /// Done when it returns.
    @FunctionalInterface
    interface Immediate {
        Json answer(AdminRequest request) throws IOException;
    }
}
