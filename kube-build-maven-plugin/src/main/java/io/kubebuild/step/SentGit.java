package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.output.HostFiles;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.tree.Git;
import io.kubebuild.tree.WorkspaceRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The repository that goes to the workspace where a tree's {@code .git} does (from v1.31 on). It is made anew where it would be another
 * one. A tree that is mounted has its own.
 */
final class SentGit {

    private static final String RECORD = "git";
    private static final String DIRECTORY = "git";

    private final BuildContext context;
    private boolean warned;

    SentGit(BuildContext context) {
        this.context = context;
    }

    /**
     * What was made.
     *
     * @param fingerprint what it was made of
     * @param files how they looked
     */
    record Made(String fingerprint, String files) {}

    /** Where the files of a snapshot lie that was taken of this tree. */
    static SourceRoot rootOf(BuildContext context, SourceSnapshot snapshot) {
        return !new Transports(context).bound() && snapshot.entries().containsKey(SourceRoot.GIT)
                ? new SourceRoot(context.tree().path(), Optional.of(directory(context)))
                : SourceRoot.of(context.tree().path());
    }

    private static Path directory(BuildContext context) {
        return context.state().file(context.ofWorkspace(DIRECTORY));
    }

    /** Whether the tree's own {@code .git} is none of the sources, in whatever form it is there. */
    boolean isApart() {
        return !new Transports(context).bound() && context.inward().sends(SourceRoot.GIT, true);
    }

    /** The repository as it has to be now; empty where none goes to the workspace. */
    Optional<Path> ensure() {
        Path own = context.tree().path().resolve(SourceRoot.GIT);
        if (!isApart() || !Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Git.Access access = context.git().access();
        if (!(access instanceof Git.Usable)) {
            warn(access);
            return Optional.empty();
        }
        try {
            return Optional.of(ensure(new WorkspaceRepository(context.git())));
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    private Path ensure(WorkspaceRepository repository) throws IOException {
        Path directory = directory(context);
        String record = context.ofWorkspace(RECORD);
        String fingerprint = repository.fingerprint();
        Made made = new Made(fingerprint, HostFiles.below(List.of(directory)));
        if (context.state().read(record, Made.class).filter(made::equals).isPresent()) {
            return directory;
        }
        context.state().forget(record);
        Path part = directory.resolveSibling(DIRECTORY + ".part");
        OutputDirectory.delete(part);
        repository.make(part);
        OutputDirectory.delete(directory);
        OwnFiles.rename(part, directory);
        context.state().write(record, new Made(fingerprint, HostFiles.below(List.of(directory))));
        return directory;
    }

    private void warn(Git.Access access) {
        if (!warned) {
            warned = true;
            context.listener()
                    .on(new BuildListener.Warning("the tree's .git stays here, so Go writes no commit into programs: "
                            + context.git().reason(access)));
        }
    }
}
