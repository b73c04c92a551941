package io.kubebuild.cache;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is in an archive, each part below a directory of its own; paths in it are relative to the root of the tree, but for records,
 * which do not land there.
 */
enum CachePart {
    /** Entries of Go's build cache: {@code -a} says what an action gave, {@code -d} holds it under the hash of its content. */
    GO("(" + String.join("|", GoCaches.DIRECTORIES).replace(".", "\\.") + ")/[0-9a-f]{2}/[0-9a-f]{64}-[ad]"),

    /** What the exporting side knows of the generated sources, for the importing one to decide whether they are its own as well. */
    RECORDS("[a-z][a-z.-]*"),

    /** Programs as the linker left them, so that {@code go install} finds them up to date; they name what they are made of. */
    PROGRAMS("_output/dockerized/go/bin/([a-z0-9]+_[a-z0-9]+/)?[A-Za-z0-9][A-Za-z0-9._-]*"),

    /** Sources that the tree generates. Nothing at the root that begins with a dot: that is the tools' own. */
    GENERATED(Sources.PATHS),

    /** Sources that the tree's generators write over: what they made of them. */
    OVERWRITTEN(Sources.PATHS);

    /** Of sources, so that the constants can name it. */
    private static final class Sources {
        /** Without groups that repeat: matching them recurses, and a long path would exhaust the stack. */
        static final String PATHS = "(?!_output/|\\.)[^\\x00]++";
    }

    private final Pattern paths;

    CachePart(String paths) {
        this.paths = Pattern.compile(paths);
    }

    String directory() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a file of this path, relative to the root, may be in this part. */
    boolean takes(String path) {
        return paths.matcher(path).matches()
                && path.indexOf('\0') < 0
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
    }

    /** The part that an entry is in, by its name with the part's directory in front. */
    static Optional<CachePart> of(String entry) {
        return Arrays.stream(values())
                .filter(part -> entry.startsWith(part.directory() + "/"))
                .filter(part -> part.takes(part.path(entry)))
                .findFirst();
    }

    String path(String entry) {
        return entry.substring(directory().length() + 1);
    }
}
