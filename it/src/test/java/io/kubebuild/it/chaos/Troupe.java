package io.kubebuild.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.it.MavenResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;

/** A stage with what an undisturbed build makes and leaves there: plays cases on it, one after the other. */
final class Troupe implements AutoCloseable {

    private final Stage stage;
    private final Reference reference;
    private final Traces usual;
    private boolean broken;

    private Troupe(Stage stage, Reference reference, Traces usual) {
        this.stage = stage;
        this.reference = reference;
        this.usual = usual;
    }

    /** Makes reference and first build. */
    static Troupe on(Stage stage, Optional<Path> kept) throws IOException {
        boolean done = false;
        try {
            Reference reference = Reference.of(stage, kept);
            stage.release().execute().succeeded();
            assertThat(stage.results()).isEqualTo(reference.results());
            stage.forced().execute().succeeded();
            stage.knows(reference.points());
            Troupe troupe = new Troupe(stage, reference, Traces.of(stage));
            done = true;
            return troupe;
        } finally {
            if (!done) {
                stage.close();
            }
        }
    }

    Stage stage() {
        return stage;
    }

    /** Plays a case; returns the line by which a user learns of it. */
    String plays(ChaosCase played) throws IOException {
        if (broken) {
            // What the case before has left must not decide about this one.
            stage.clear();
            stage.release().execute().succeeded();
        }
        broken = true;
        String disturbed = played.disturbance().happensOn(stage);
        MavenResult next = stage.release().execute().succeeded();

        assertThat(stage.results()).as(next.log()).isEqualTo(reference.results());
        next.doesNotSay("waiting for another build");
        usual.nothingMoreOn(stage);
        String log = disturbed + "\n" + next.log();
        Matcher says = played.says().matcher(log);
        assertThat(says.find())
                .as("says " + played.says() + "\n--- disturbed\n" + disturbed + "\n--- next\n" + next.log())
                .isTrue();
        broken = false;
        return played.says().pattern().isEmpty() ? "" : lineAround(log, says.start());
    }

    private static String lineAround(String log, int where) {
        int from = log.lastIndexOf('\n', where) + 1;
        int to = log.indexOf('\n', where);
        return log.substring(from, to < 0 ? log.length() : to);
    }

    @Override
    public void close() throws IOException {
        stage.close();
    }
}
