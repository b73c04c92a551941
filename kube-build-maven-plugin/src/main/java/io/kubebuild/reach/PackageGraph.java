package io.kubebuild.reach;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which package directories import which, as {@code go2make} writes it to {@code .make/go-pkgdeps.mk}: a make variable for each
 * package that lists its own directory and those of its imports, each ended by a slash, among their files.
 */
final class PackageGraph {

    private static final String AS_SEEN_BY_GO = "/src/" + SourceDirectories.MODULE + "/";

    private final Map<String, Set<String>> imports = new HashMap<>();

    private PackageGraph() {}

    /** Reads it; throws where it names a directory outside the tree. */
    static PackageGraph read(BufferedReader lines, SourceDirectories directories) throws IOException {
        PackageGraph graph = new PackageGraph();
        Map<String, String> known = new HashMap<>();
        String name = "";
        Set<String> listed = new HashSet<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int definition = line.indexOf(" :=");
            if (definition > 0) {
                graph.add(name, listed, directories);
                name = line.substring(0, definition);
                listed = new HashSet<>();
                continue;
            }
            String word =
                    line.endsWith("\\") ? line.substring(0, line.length() - 1).strip() : line.strip();
            if (word.endsWith("/")) {
                listed.add(known.computeIfAbsent(word, path -> inTree(path, directories)));
            }
        }
        graph.add(name, listed, directories);
        if (graph.imports.isEmpty() || known.containsValue("")) {
            throw new IOException("go-pkgdeps.mk names no packages, or some that are not in the tree");
        }
        return graph;
    }

    /** Empty where it lies elsewhere. */
    private static String inTree(String word, SourceDirectories directories) {
        int at = word.lastIndexOf(AS_SEEN_BY_GO);
        String path = at < 0 ? "" : word.substring(at + AS_SEEN_BY_GO.length(), word.length() - 1);
        return directories.real(path).orElse("");
    }

    private void add(String packageName, Set<String> listed, SourceDirectories directories) {
        for (String own : directories.ofImport(packageName)) {
            imports.computeIfAbsent(own, directory -> new HashSet<>()).addAll(listed);
        }
    }

    /** Whether it says what the package in this directory imports. */
    boolean knows(String directory) {
        return imports.containsKey(directory);
    }

    /** These directories and all that they import, and so on. */
    Set<String> closure(Collection<String> roots) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(roots);
        while (!next.isEmpty()) {
            String directory = next.removeFirst();
            if (reached.add(directory)) {
                next.addAll(imports.getOrDefault(directory, Set.of()));
            }
        }
        return reached;
    }
}
