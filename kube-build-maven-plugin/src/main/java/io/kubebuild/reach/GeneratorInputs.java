package io.kubebuild.reach;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the generators of {@code Makefile.generated_files} read.
 *
 * <p>They load the packages with {@code +k8s:} tags, their peers and all that these import. If none of these directories changes,
 * and every import still means the same directory, they load the same files. The programs themselves, their licence header and
 * the lists of known violations are files that are named in the Makefile or are no Go files; those count always.
 *
 * @param directories of the packages that they load, and of the generators' own
 * @param bundled directories whose files {@code hack/generate-bindata.sh} packs into a Go file, whatever they are
 */
public record GeneratorInputs(SortedSet<String> directories, List<String> bundled) {

    /** Scripts and what they call; the group lists (KUBE_AVAILABLE_GROUP_VERSIONS) are in {@code hack/lib/init.sh}. */
    private static final Pattern SCRIPTS = Pattern.compile("(hack|build)/.*");

    /** Generators and their templates; the same below {@code staging/src} and {@code vendor}. */
    private static final Pattern GENERATORS =
            Pattern.compile("(.*/)?(k8s\\.io/(gengo|kube-openapi|code-generator)|go-bindata)/.*");

    private static final Pattern READ_BY_PEOPLE = Pattern.compile("(.*/)?(OWNERS|[^/]*\\.md)");

    /** What generators write, where it is part of the sources too: what they would make of it may be something else. */
    private static final Pattern GENERATED = Pattern.compile("(.*/)?(generated/.*|(zz_)?generated\\..*|bindata\\.go)");

    private static final Pattern ASKS_OR_IS_GENERATED = Pattern.compile("\\+k8s:|Code generated ");

    public GeneratorInputs {
        directories = new TreeSet<>(directories);
        bundled = List.copyOf(bundled);
    }

    /** The first changed file that they read or may read, with what happened to it; empty where what they made stands. */
    public Optional<String> readsOf(SourceChange change) {
        return change.unbounded().or(() -> change.files().stream()
                .filter(path -> mayRead(path, change))
                .findFirst()
                .map(path -> path + " changed"));
    }

    private boolean mayRead(String path, SourceChange change) {
        boolean known =
                SourceDirectories.isGo(path) || READ_BY_PEOPLE.matcher(path).matches();
        return !known
                || SCRIPTS.matcher(path).matches()
                || GENERATED.matcher(path).matches()
                || GENERATORS.matcher(path).matches()
                || bundled.stream().anyMatch(directory -> ("/" + path).contains("/" + directory + "/"))
                || (SourceDirectories.isGo(path)
                        && (directories.contains(SourceDirectories.parent(path)) || concernsThemNow(path, change)));
    }

    /** Whether a file may have a tag now (before, its directory had none), or be made by a generator. */
    private static boolean concernsThemNow(String path, SourceChange change) {
        return change.remains(path)
                && change.text(path)
                        .map(text -> ASKS_OR_IS_GENERATED.matcher(text).find())
                        .orElse(true);
    }
}
