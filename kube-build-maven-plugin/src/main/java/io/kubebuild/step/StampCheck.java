package io.kubebuild.step;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Whether the workspace's own git can answer what go asks it, which stops a build with {@code error obtaining VCS status} where it
 * cannot: the tree may be mounted with a repository that a newer git wrote, or one that names others, or git may take it for somebody else's.
 */
final class StampCheck {

    /**
     * As {@code cmd/go/internal/vcs} asks. To 1.23 it is {@code git show}, which needs the files of the commit before. Without git, or where
     * {@code .git} is a file, go asks nobody.
     */
    private static final String QUESTIONS = """
            [ -d .git ] && command -v git >/dev/null || exit 0
            case " ${GOFLAGS-} " in *" -buildvcs=false "*) exit 0 ;; esac
            git status --porcelain --untracked-files=no >/dev/null || exit 9
            case $(GOTOOLCHAIN=local go version 2>/dev/null) in
              *" go1."[0-9][!0-9]* | *" go1.1"* | *" go1.2"[0-3]*) word=show ;;
              *) word=log ;;
            esac
            git -c log.showsignature=false "$word" -s -1 --format=%H:%ct >/dev/null || exit 9
            """;

    private static final int REFUSED = 9;

    private StampCheck() {}

    /** Fails where go would. */
    static void require(Workspace workspace, SourceSnapshot sources) throws InterruptedException {
        if (!sources.entries().containsKey(SourceRoot.GIT)) {
            return;
        }
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Command command = new Command(
                List.of("/bin/sh", "-c", QUESTIONS),
                Map.of("LC_ALL", "C", "GIT_OPTIONAL_LOCKS", "0"),
                workspace.root(),
                false);
        if (workspace.run(command, said::add) == REFUSED) {
            throw KubeException.user(
                    "git in the workspace cannot read the tree's .git",
                    LastLines.of(List.copyOf(said))
                            + "\ngo, which asks it for the commit that it writes into programs, would stop",
                    "to build without the commit: -Dkube.goFlags=-buildvcs=false; the page of troubleshooting has more");
        }
    }
}
