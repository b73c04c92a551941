package io.kubebuild.step;

import io.kubebuild.plan.Toolchain;
import io.kubebuild.reach.SourceDirectories;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the directories of the tree that packages come from; Go's own packages come from none. */
final class PackageDirectories {

    private final SourceDirectories sources;
    private final Workspace workspace;
    private final Toolchain toolchain;

    PackageDirectories(SourceSnapshot sources, Workspace workspace, Toolchain toolchain) {
        this.sources = new SourceDirectories(sources);
        this.workspace = workspace;
        this.toolchain = toolchain;
    }

    /**
     * The directories of each output.
     *
     * @param packages import paths of each output
     * @return without outputs that hold a package which is neither in the tree nor Go's own: nobody knows when it changes
     */
    Map<String, Set<String>> of(Map<String, Set<String>> packages) throws InterruptedException {
        Map<String, Set<String>> places = new TreeMap<>();
        packages.values().forEach(paths -> paths.forEach(path -> places.computeIfAbsent(path, sources::ofImport)));
        Set<String> unknown = new TreeSet<>();
        places.forEach((path, directories) -> {
            if (directories.isEmpty()) {
                unknown.add(path);
            }
        });
        unknown.removeAll(ofGo(unknown));
        Map<String, Set<String>> found = new TreeMap<>();
        packages.forEach((output, paths) -> {
            if (Collections.disjoint(paths, unknown)) {
                Set<String> directories = new TreeSet<>();
                paths.forEach(path -> directories.addAll(places.getOrDefault(path, Set.of())));
                found.put(output, directories);
            }
        });
        return found;
    }

    private Set<String> ofGo(Set<String> paths) throws InterruptedException {
        String script = "cd \"$1/src\" && shift && for path; do [ ! -d \"$path\" ] || echo \"$path\"; done";
        List<String> argv = new ArrayList<>(List.of("sh", "-c", script, "sh", toolchain.root()));
        argv.addAll(paths);
        Set<String> found = Collections.synchronizedSet(new TreeSet<>());
        workspace.run(new Command(argv, Map.of("LC_ALL", "C"), workspace.root(), false), found::add);
        return found;
    }
}
