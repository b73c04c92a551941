package io.kubebuild.workspace.container;

import io.kubebuild.docker.HostAccess.Bind;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.ShellFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the data container of a tree keeps: read from {@code kube::build::ensure_data_container} of the tree's own
 * {@code build/common.sh}, because the list of precompiled standard libraries differs between releases and forks.
 *
 * @param volumes absolute paths that become volumes
 * @param owned absolute paths that are given to the build user, with everything below
 * @param binds directories of the host that lie beneath them
 */
public record DataVolumes(List<String> volumes, List<String> owned, List<Bind> binds) {

    private static final String FUNCTION = "kube::build::ensure_data_container";

    public DataVolumes {
        volumes = List.copyOf(volumes);
        owned = List.copyOf(owned);
        binds = List.copyOf(binds);
    }

    /** Volumes alone. */
    public DataVolumes(List<String> volumes, List<String> owned) {
        this(volumes, owned, List.of());
    }

    /**
     * The same with the tree itself in place of the volume for it. What no sync would touch stays in volumes, so that the outputs
     * and Go's caches are where they are with copied sources.
     *
     * @param tree the tree on the engine's machine
     * @param root its root inside
     * @param apart names in the root that become volumes; they must be directories of the tree
     * @param relabel whether SELinux has to be told
     */
    public DataVolumes boundTo(Path tree, String root, List<String> apart, boolean relabel) {
        List<String> places = apart.stream().map(name -> root + "/" + name).toList();
        return new DataVolumes(
                replaced(volumes, root, places),
                replaced(owned, root, places),
                List.of(new Bind(tree.toString(), root, relabel)));
    }

    private static List<String> replaced(List<String> paths, String root, List<String> places) {
        return Stream.concat(
                        places.stream(),
                        paths.stream().filter(path -> !path.equals(root) && !path.startsWith(root + "/")))
                .toList();
    }

    /**
     * Reads them from the text of {@code build/common.sh}.
     *
     * @param root the tree's root inside the container, which the script calls REMOTE_ROOT
     * @throws KubeException where a volume is named by a variable that we do not know
     */
    public static DataVolumes of(String commonScript, String root) {
        List<String> words = ShellFunction.find(commonScript, FUNCTION)
                .map(ShellFunction::words)
                .orElse(List.of());
        List<String> volumes = new ArrayList<>();
        List<String> owned = new ArrayList<>();
        boolean chown = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (chown) {
                chown = !word.startsWith(")");
                if (chown) {
                    owned.add(resolve(word, root));
                }
            } else if ((word.equals("--volume") || word.equals("-v")) && i + 1 < words.size()) {
                volumes.add(resolve(words.get(++i), root));
            } else if (word.startsWith("--volume=")) {
                volumes.add(resolve(word.substring("--volume=".length()), root));
            } else if (word.equals("chown") && i + 2 < words.size()) {
                chown = true;
                i += 2; // -R and the owner, which is ours to say
            }
        }
        return volumes.isEmpty()
                ? new DataVolumes(List.of(root), List.of(root))
                : new DataVolumes(volumes, owned.isEmpty() ? List.of(root) : owned);
    }

    private static String resolve(String word, String root) {
        String path = word.replace("${REMOTE_ROOT}", root).replace("$REMOTE_ROOT", root);
        if (!path.startsWith("/") || path.contains("$")) {
            throw KubeException.build(
                    "the tree's build/common.sh names a path of the data container that cannot be read: " + word,
                    FUNCTION + " uses a variable that this plugin does not know",
                    "write the path out in build/common.sh, or report this with the name of the Kubernetes version");
        }
        return path;
    }
}
