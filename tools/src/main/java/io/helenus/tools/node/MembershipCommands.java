package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Commands that change who is in the cluster.
final class MembershipCommands {
    private MembershipCommands() {}

    /// `decommission`
    @Command(name = "decommission", description = "Take the node out of its cluster.")
    static final class Decommission extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/decommission", Json.object());
        }
    }

    /// `removenode`
    @Command(
            name = "removenode",
            description = "Take a node out of the cluster that is down and does not come back.")
    static final class RemoveNode extends NodeAction {
        @Parameters(
                paramLabel = "HOST_ID",
                description = "The node to remove, as `status` names it.")
        private String hostId = "";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/removenode", Json.object().put("host_id", hostId));
        }
    }
}
