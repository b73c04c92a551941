package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.BuildDate;
import io.kubebuild.tree.DetectedVersion;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.VersionDetector;
import io.kubebuild.tree.VersionOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Finds version and build date of a tree and tells them; writes the version where upstream's scripts look for it. */
final class VersionAndDate {

    private static final int SHORT_COMMIT = 12;

    private final BuildContext context;

    VersionAndDate(BuildContext context) {
        this.context = context;
    }

    DetectedVersion version() {
        BuildRequest.VersionSettings settings = context.request().version();
        DetectedVersion found = new VersionDetector(
                        context.tree(), context.git(), context.request().environment())
                .detect(
                        new VersionOverrides(settings.gitVersion(), settings.gitTreeState(), settings.gitCommit()),
                        context.notSources());
        GitVersion version = found.version();
        BuildListener listener = context.listener();
        listener.on(new BuildListener.Fact(
                "version",
                version.version() + " (" + version.treeState() + ", commit " + shortened(version.commit()) + ")"));
        found.notes().forEach(note -> listener.on(new BuildListener.Detail(note)));
        // An archive is not clean whatever lies in it, and generated files that a build brought back are no news there.
        if (version.treeState().equals("dirty") && !found.dirtyFiles().isEmpty()) {
            listener.on(new BuildListener.Listing("Files that make the tree dirty", found.dirtyFiles()));
        }
        return found;
    }

    private static String shortened(String commit) {
        return commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
    }

    BuildDate date(DetectedVersion version) {
        BuildRequest.VersionSettings settings = context.request().version();
        BuildDate date = new BuildDate.Ladder(
                        context.tree(), context.git(), context.request().environment())
                .find(settings.sourceDateEpoch(), settings.outputTimestamp(), version.version(), context.notSources());
        context.listener().on(new BuildListener.Fact("build date", date.iso() + " (" + date.source() + ")"));
        return date;
    }

    /** Upstream keeps it in the tree; a tree that is read-only gets it in the workspace alone. */
    void keep(GitVersion version) {
        Path file = context.tree().resolve(GitVersion.FILE);
        try {
            boolean same = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(file).equals(version.format());
            if (same || !Files.isWritable(context.tree().path())) {
                return;
            }
            new ConfinedDirectory(context.tree().path()).write(GitVersion.FILE, draft -> draft.text(version.format()));
        } catch (IOException e) {
            throw KubeException.user(
                    "cannot write " + file,
                    e.toString(),
                    "make the tree writable and its disk not full, or take the right to write away from it altogether and set"
                            + " -Dkube.outputDirectory=DIRECTORY");
        }
    }
}
