package io.kubebuild.reach;

import io.kubebuild.sync.SourceEntry;
import io.kubebuild.sync.SourceSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The directories of a source snapshot in which go finds packages; symbolic links are followed, as go follows them. */
public final class SourceDirectories {

    /** KUBE_GO_PACKAGE of {@code hack/lib/golang.sh}. */
    static final String MODULE = "k8s.io/kubernetes";

    private static final int MOST_LINKS = 40;

    private final Set<String> all = new HashSet<>();
    private final Set<String> holdingGo = new TreeSet<>();
    private final Map<String, String> links = new HashMap<>();

    public SourceDirectories(SourceSnapshot snapshot) {
        for (SourceEntry entry : snapshot.entries().values()) {
            if (entry.type() == SourceEntry.Type.LINK) {
                links.put(entry.path(), entry.target());
            } else if (entry.type() == SourceEntry.Type.DIRECTORY) {
                all.add(entry.path());
            } else if (entry.type() == SourceEntry.Type.FILE && isGo(entry.path())) {
                holdingGo.add(parent(entry.path()));
            }
        }
    }

    static boolean isGo(String path) {
        return path.endsWith(".go");
    }

    /** The directory of a path; empty for what lies in the root. */
    static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Directories that hold Go files, in order; without those that a link leads to once more. */
    Set<String> holdingGo() {
        return Collections.unmodifiableSet(holdingGo);
    }

    /** Where a path of the tree really lies; empty where a link leads out of the tree. */
    Optional<String> real(String path) {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        List<String> at = new ArrayList<>();
        int followed = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (at.isEmpty()) {
                    return Optional.empty();
                }
                at.remove(at.size() - 1);
                continue;
            }
            at.add(name);
            String target = links.get(String.join("/", at));
            if (target != null) {
                if (++followed > MOST_LINKS || target.startsWith("/")) {
                    return Optional.empty();
                }
                at.remove(at.size() - 1);
                List<String> names = new ArrayList<>(List.of(target.split("/")));
                Collections.reverse(names);
                names.forEach(left::addFirst);
            }
        }
        return Optional.of(String.join("/", at));
    }

    /**
     * Every directory that a package of this import path may come from; none for Go's own packages. Some hold no Go files here, but
     * only generated ones in the workspace.
     */
    public Set<String> ofImport(String importPath) {
        Set<String> found = new LinkedHashSet<>();
        Stream.of(importPath, withoutEnd(importPath, ".test"), withoutEnd(importPath, "_test"))
                .flatMap(SourceDirectories::places)
                .flatMap(place -> real(place).stream())
                .filter(directory -> all.contains(directory) || holdingGo.contains(directory))
                .forEach(found::add);
        return found;
    }

    private static Stream<String> places(String importPath) {
        Stream<String> below = Stream.of("vendor/" + importPath, "staging/src/" + importPath);
        if (importPath.equals(MODULE)) {
            return Stream.concat(Stream.of(""), below);
        }
        return importPath.startsWith(MODULE + "/")
                ? Stream.concat(Stream.of(importPath.substring(MODULE.length() + 1)), below)
                : below;
    }

    private static String withoutEnd(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
