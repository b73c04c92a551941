package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What became of a Maven build. Every assertion that fails shows the whole log.
 *
 * @param exitCode of the process
 * @param log standard output and error
 * @param command what was run
 */
public record MavenResult(int exitCode, String log, String command) {

    public MavenResult succeeded() {
        assertThat(exitCode).as(this::description).isZero();
        return this;
    }

    /** It failed as a user wants to see it: non-zero, and without a stack trace. */
    public MavenResult failedCleanly() {
        assertThat(exitCode).as(this::description).isNotZero();
        assertThat(log.lines().filter(line -> line.stripLeading().startsWith("at ") && line.contains(".java:")))
                .as(this::description)
                .isEmpty();
        return this;
    }

    public MavenResult says(String... texts) {
        assertThat(log).as(this::description).contains(texts);
        return this;
    }

    public MavenResult doesNotSay(String... texts) {
        assertThat(log).as(this::description).doesNotContain(texts);
        return this;
    }

    private String description() {
        return command + "\n" + log;
    }
}
