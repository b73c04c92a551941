package io.kubebuild.reach;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which outputs a change of sources can reach.
 *
 * <p>Why the others stand: with the same go, flags, variables and generated sources, an output is a function of the packages that it is
 * made of, and a package one of its directory's files, of what these embed, and of the packages that they import. A change is only
 * looked into where every import path still means the same directory. Then, beginning with the main package and by induction along the
 * imports: if the files of a package's directory and what they embed are the same, its imports are the same, and so are the packages
 * that they mean. An output none of whose directories changed is made of the very same bytes.
 *
 * <p>Files that C compilers and assemblers include may lie anywhere, so that their change reaches everything.
 */
public final class Reach {

    private static final Pattern INCLUDED_ANYWHERE = Pattern.compile(
            ".*\\.(c|cc|cpp|cxx|m|mm|h|hh|hpp|hxx|inc|inl|ipp|tpp|def|f|F|for|f90|s|S|sx|swig|swigcxx|syso|a|o|so|ld|pc)");

    private final SourceChange change;
    private final Map<String, Boolean> embedding = new HashMap<>();

    public Reach(SourceChange change) {
        this.change = change;
    }

    /** Why every output is reached, where that is so. */
    public Optional<String> everything() {
        return change.unbounded().or(() -> change.files().stream()
                .filter(path -> INCLUDED_ANYWHERE.matcher(path).matches())
                .findFirst()
                .map(path -> path + " changed"));
    }

    /**
     * The outputs that are reached, each with a reason.
     *
     * @param outputs all there are, and whether each is a compiled test
     */
    public Map<String, String> outputs(Map<String, Boolean> outputs, OutputSources sources) {
        Map<String, String> reached = new LinkedHashMap<>();
        outputs.forEach((output, test) -> {
            Optional<Set<String>> directories = sources.of(output);
            if (directories.isEmpty()) {
                reached.put(output, "nobody knows what it is made of");
                return;
            }
            change.files().stream()
                    .filter(path -> reaches(path, directories.get(), test))
                    .findFirst()
                    .ifPresent(path -> reached.put(output, path + " changed"));
        });
        return reached;
    }

    private boolean reaches(String path, Collection<String> directories, boolean test) {
        String directory = SourceDirectories.parent(path);
        boolean read = path.endsWith("_test.go") ? test : SourceDirectories.isGo(path) || path.endsWith(".pgo");
        if (read && directories.contains(directory)) {
            return true;
        }
        // What a package embeds lies in its directory or below.
        for (String above = directory; ; above = SourceDirectories.parent(above)) {
            if (directories.contains(above) && embedding.computeIfAbsent(above, this::embeds)) {
                return true;
            }
            if (above.isEmpty()) {
                return false;
            }
        }
    }

    private boolean embeds(String directory) {
        return change.goFiles(directory).stream()
                .anyMatch(file ->
                        change.text(file).map(text -> text.contains("go:embed")).orElse(true));
    }
}
