package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.release.ReleaseArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Files of a release that are up to date: they are listed as those are that are made. */
final class StandingFiles {

    private StandingFiles() {}

    /**
     * Tells the listener of each.
     *
     * @return how many there are
     */
    static int told(BuildContext context, List<ReleaseArtifact> files) {
        try {
            for (ReleaseArtifact file : files) {
                context.listener().on(new BuildListener.Standing(file.kind(), file.file(), Files.size(file.file())));
            }
            return files.size();
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }
}
