package io.kubebuild.step;

import io.kubebuild.output.StateDirectory;
import io.kubebuild.reach.GeneratorInputs;
import io.kubebuild.reach.SourceChange;
import io.kubebuild.sync.SnapshotStore;
import io.kubebuild.sync.SourceEntry;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SourceTexts;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Generated sources that come with a cache, and the records of the machine that made them. They stand here if the generators read
 * nothing of what is different, by the same rule as after a change on one machine.
 */
final class GeneratedElsewhere {

    /** The record of the sources that they were made of. */
    static final String SOURCES = "snapshot.jsonl";

    private final BuildContext context;
    private final SourceSnapshot here;
    private Optional<GeneratorInputs> inputs = Optional.empty();
    private @Nullable SourceSnapshot there;

    /** @param here the sources of this machine's workspace */
    GeneratedElsewhere(BuildContext context, SourceSnapshot here) {
        this.context = context;
        this.here = here;
    }

    /** Whether they do, by the records in a directory; what is missing or damaged there says no. */
    boolean standsHere(Path records) {
        Optional<Generated.Made> made =
                new StateDirectory(records, context.listener()).read(Generated.RECORD, Generated.Made.class);
        Optional<SourceSnapshot> sources = new SnapshotStore(records.resolve(SOURCES), context.listener()).read();
        boolean comparable = made.isPresent()
                && sources.isPresent()
                && sources.get().id().equals(made.get().synced().snapshot())
                && made.get().inputs().isPresent();
        if (!comparable) {
            return false;
        }
        GeneratorInputs read = made.get().inputs().get();
        SourceTexts texts = new SourceTexts(context.tree().path(), here);
        if (read.readsOf(new SourceChange(sources.get(), here, texts)).isPresent()) {
            return false;
        }
        inputs = Optional.of(read);
        there = sources.get();
        return true;
    }

    /**
     * Whether a path is a source here, and the one that it was there: only then may what was written over it there be written over
     * it here.
     */
    boolean isSameSource(String path) {
        SourceEntry source = here.entries().get(path);
        return source != null && (there == null || isSame(there.entries().get(path), source));
    }

    private static boolean isSame(@Nullable SourceEntry one, SourceEntry other) {
        return one != null && one.sha256().equals(other.sha256());
    }

    /** What the generators read, once that is known to hold here too. */
    Optional<GeneratorInputs> inputs() {
        return inputs;
    }
}
