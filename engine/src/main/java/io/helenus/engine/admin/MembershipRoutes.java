package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// Who is in the cluster is changed by its operators.
final class MembershipRoutes {
    private final NodeControl node;

    MembershipRoutes(NodeControl node) {
        this.node = node;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.post("/v1/decommission", _ -> decommission()),
                AdminRoute.post("/v1/removenode", this::removeNode, "host_id"));
    }

    private CompletionStage<Json> decommission() {
        return node.decommission().thenApply(_ -> Json.object().put("mode", node.mode()));
    }

    private CompletionStage<Json> removeNode(AdminRequest request) {
        String text = request.requiredText("host_id");
        UUID hostId;
        try {
            hostId = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw AdminException.invalid("host_id is '%s', must be a UUID".formatted(text));
        }
        return node.removeNode(hostId)
                .thenApply(_ -> Json.object().put("removed", hostId.toString()));
    }
}
