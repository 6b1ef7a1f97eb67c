package io.helenus.test.peer;

/// What is done to both servers. Statements name their table `$T`; times are seconds after the story's
/// beginning, negative before it.
sealed interface Step {
    String TABLE = "$T";

    record Write(String cql, int now) implements Step {}

    /// @param pageRows how many rows are asked for at a time
    record Read(String cql, int now, int pageRows) implements Step {}

    record Flush() implements Step {}

    /// Of all that there is, after a flush.
    record Compact() implements Step {}
}
