/// Several real nodes on addresses of this machine that talk to each other over sockets: how they find
/// each other, whom they refuse, how they notice who is gone, and what they agree on, all in this process;
/// and that they agree on the schema while clients contradict each other and processes are killed
/// (`ConflictingSchemaTest`, with `SchemaContest`, and at its end a `SchemaVerdict`, also over what the
/// nodes' logs have, which `DecidedSchema` reads).
///
/// `mvn verify` has a short contest, `-Pthorough` one of 200 statements for each of three nodes and 20
/// kills; `-Dhelenus.contest.statements`, `.kills` and `.seed` say otherwise.
@NullMarked
package io.helenus.test.cluster;

import org.jspecify.annotations.NullMarked;
