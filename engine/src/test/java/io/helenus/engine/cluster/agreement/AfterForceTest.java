package io.helenus.engine.cluster.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AfterForceTest {
    private final AfterForce records = new AfterForce(true);
    private final List<String> done = new ArrayList<>();

    private void reply(String name) {
        records.run(() -> done.add(name));
    }

    private void answer(String name) {
        records.run(() -> done.add(name), why -> done.add(name + " hears: " + why));
    }

    @Test
    void whatDependsOnNothingIsDoneAtOnce() {
        reply("first");
        assertThat(done).containsExactly("first");
    }

    @Test
    void eachWaitsForTheRecordsBeforeIt() {
        long one = records.next();
        reply("after one");
        long two = records.next();
        answer("after two");
        reply("after two, too");
        records.forced(one);
        assertThat(done).containsExactly("after one");
        reply("last");
        records.forced(two);
        assertThat(done).containsExactly("after one", "after two", "after two, too", "last");
        reply("at once");
        assertThat(done).endsWith("at once");
    }

    @Test
    void whatAnActionLeadsToWaitsForItsOwnRecords() {
        long one = records.next();
        records.run(() -> {
            long two = records.next();
            reply("after " + two);
        });
        records.forced(one);
        assertThat(done).isEmpty();
        records.forced(one + 1);
        assertThat(done).containsExactly("after 2");
    }

    @Test
    void onlyTheLastRecordAloneCanBeGivenUp() {
        long one = records.next();
        assertThat(records.waitsOnlyFor(one)).isTrue();
        long two = records.next();
        assertThat(records.waitsOnlyFor(one)).isFalse();
        assertThat(records.waitsOnlyFor(two)).isFalse();
        records.forced(one);
        assertThat(records.waitsOnlyFor(two)).isTrue();
        reply("a promise that is on no disk");
        answer("an answer");
        records.givenUp(two);
        assertThat(done).containsExactly("an answer");
        reply("later");
        assertThat(done).containsExactly("an answer", "later");
    }

    @Test
    void whoeverIsToldThatItTakesLongerHearsNothingElse() {
        long one = records.next();
        reply("a reply");
        answer("an answer");
        records.delayed("disk full");
        assertThat(done).containsExactly("an answer hears: disk full");
        records.forced(one);
        assertThat(done).containsExactly("an answer hears: disk full", "a reply");
    }
}
