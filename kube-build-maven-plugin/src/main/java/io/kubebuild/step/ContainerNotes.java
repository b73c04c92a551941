package io.kubebuild.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kubebuild.docker.EngineException;
import io.kubebuild.event.BuildListener;
import io.kubebuild.output.StateDirectory;
import io.kubebuild.workspace.container.ShortLivedContainers;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The record of the containers that a build has made and not removed yet. */
final class ContainerNotes implements ShortLivedContainers.Notes {

    private static final String RECORD = "short-lived-containers";

    private final StateDirectory state;
    private final BuildListener listener;

    ContainerNotes(StateDirectory state, BuildListener listener) {
        this.state = state;
        this.listener = listener;
    }

    private record Noted(@JsonProperty("names") List<String> names) {}

    @Override
    public synchronized void add(String name) {
        Collection<String> names = names();
        if (names.add(name)) {
            write(names);
        }
    }

    @Override
    public synchronized void remove(String name) {
        Collection<String> names = names();
        if (names.remove(name)) {
            write(names);
        }
    }

    /** Removes what a build before has left because it was killed; nobody else works on the tree. */
    static void removeLeftBehind(BuildContext context) {
        ContainerNotes notes = new ContainerNotes(context.state(), context.listener());
        for (String name : notes.names()) {
            try {
                context.engine().remove(name);
                notes.remove(name);
                context.listener()
                        .on(new BuildListener.Fact(
                                "left behind", name + ", the container of a build that was killed; it is removed"));
            } catch (EngineException e) {
                // The engine may not be needed today; the record stays for a build that reaches it.
                context.listener().on(new BuildListener.Detail(name + " may be left: " + e.getMessage()));
            }
        }
    }

    private Set<String> names() {
        return new TreeSet<>(state.read(RECORD, Noted.class).map(Noted::names).orElse(List.of()));
    }

    private void write(Collection<String> names) {
        try {
            if (names.isEmpty()) {
                state.forget(RECORD);
            } else {
                state.write(RECORD, new Noted(List.copyOf(names)));
            }
        } catch (IOException e) {
            // Where no record can be written, nothing can be built either, and the step that notices says so.
            listener.on(new BuildListener.Detail("no record of the containers " + names + ": " + e));
        }
    }
}
