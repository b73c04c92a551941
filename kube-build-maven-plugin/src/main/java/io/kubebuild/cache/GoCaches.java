package io.kubebuild.cache;

import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * Go's build cache in a workspace, and which of its entries a build has used.
 *
 * <p>Go sets an entry's time when it uses it, but only where that is over an hour old ({@code cmd/go/internal/cache}, used). So
 * younger ones are made two hours older before a build; what is new after it was used. Entries that nobody uses for five days Go
 * deletes by itself.
 */
public final class GoCaches {

    /**
     * Where it lies, relative to the root: GOCACHE of {@code kube::golang::setup_env} ({@code hack/lib/golang.sh}; with {@code build}
     * from about v1.28 on), and Go's own default below HOME, which the build image sets to the root.
     */
    static final List<String> DIRECTORIES =
            List.of("_output/dockerized/go/cache", "_output/dockerized/go/cache/build", ".cache/go-build");

    /** Where the lists of used entries are kept, relative to the root. */
    static final String LISTS = "_output/kube-build-cache";

    private final OwnScripts scripts;

    public GoCaches(Workspace workspace) {
        this.scripts = new OwnScripts(workspace, GoCaches.class);
    }

    /** Whether the workspace has none yet. */
    public boolean isEmpty() throws InterruptedException {
        return scripts.run("looking for a Go build cache", "is-empty.sh", DIRECTORIES)
                .contains("empty");
    }

    /** Before Go runs. */
    public void beforeUse() throws InterruptedException {
        scripts.run("looking at the Go build cache", "before-use.sh", with(LISTS));
    }

    /**
     * After Go ran: takes down what was used since {@link #beforeUse}.
     *
     * @param name the build's, of letters
     * @param whole whether that is all that the build is made of, or something on top of what was used before
     */
    public void afterUse(String name, boolean whole) throws InterruptedException {
        scripts.run("looking at the Go build cache", "after-use.sh", with(LISTS, name, whole ? "" : "used-" + name));
    }

    private static List<String> with(String... first) {
        List<String> arguments = new ArrayList<>(List.of(first));
        arguments.addAll(DIRECTORIES);
        return arguments;
    }
}
