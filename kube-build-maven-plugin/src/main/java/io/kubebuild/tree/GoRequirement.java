package io.kubebuild.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which Go a tree builds with, read from its files without running any of them. Of a Go that has no number ({@code devel}) nobody can tell;
 * the tree's scripts take it, and so does this.
 *
 * @param floors who refuses a Go that is too old
 * @param wanted the one that releases are built with: {@code .go-version}, from v1.26 on
 * @param suggested what a module would have fetched ({@code toolchain} line of {@code go.work} or {@code go.mod}); refuses nothing
 * @param comparesText whether the scripts compare versions as text, as those up to v1.13 do, so that go1.19 comes before go1.6
 */
public record GoRequirement(
        List<Floor> floors, Optional<GoVersion> wanted, Optional<GoVersion> suggested, boolean comparesText) {

    private static final String SCRIPT = "hack/lib/golang.sh";

    /** The workspace counts for more than the module; each module of it may ask for no more than it does. */
    private static final List<String> MODULES = List.of("go.work", "go.mod");

    private static final Pattern GO_LINE = Pattern.compile("(?m)^go[ \\t]+([0-9][0-9.a-z]*)[ \\t\\r]*(?://.*)?$");

    private static final Pattern TOOLCHAIN_LINE =
            Pattern.compile("(?m)^toolchain[ \\t]+(go[0-9]\\S*)[ \\t\\r]*(?://.*)?$");

    public GoRequirement {
        floors = List.copyOf(floors);
    }

    /**
     * The oldest Go that will do, by one who refuses older ones.
     *
     * @param oldest that one still passes
     * @param file that says so: {@code hack/lib/golang.sh}, {@code go.mod}
     */
    public record Floor(GoVersion oldest, String file) {

        /**
         * Whether a Go is refused. The function {@code verify_go_version} (hack/lib/golang.sh) lets each one pass that calls itself
         * {@code devel}; the go command takes that one for the language alone, which is older than each release of it.
         */
        boolean refuses(GoVersion version) {
            return version.isOlderThan(oldest) && !(file.equals(SCRIPT) && version.isDevelopment());
        }

        /** Why it does, in words. */
        public String reason() {
            return file.equals(SCRIPT)
                    ? "kube::golang::verify_go_version (" + file + ") refuses an older one"
                    : "the go command refuses an older one, by the go line of " + file
                            + ", and is not to fetch another";
        }
    }

    /** What a tree requires. */
    public static GoRequirement of(TreeRoot tree) {
        GoScript script = GoScript.of(tree);
        List<Floor> floors = new ArrayList<>();
        script.oldestGo().ifPresent(oldest -> floors.add(new Floor(oldest, SCRIPT)));
        for (String file : MODULES) {
            // An older line says which language a module is written in, and nobody refuses anything for it.
            line(tree, file, GO_LINE)
                    .filter(version -> !version.isOlderThan(GoVersion.FIRST_WITH_TOOLCHAINS))
                    .ifPresent(oldest -> floors.add(new Floor(oldest, file)));
        }
        return new GoRequirement(
                floors,
                tree.text(".go-version").flatMap(GoVersion::parse),
                MODULES.stream()
                        .flatMap(file -> line(tree, file, TOOLCHAIN_LINE).stream())
                        .findFirst(),
                script.comparesVersionsAsText());
    }

    private static Optional<GoVersion> line(TreeRoot tree, String file, Pattern form) {
        Matcher line = form.matcher(tree.text(file).orElse(""));
        return line.find() ? GoVersion.parse(line.group(1)) : Optional.empty();
    }

    /** The newest of what is named as the oldest; empty where every Go will do. */
    public Optional<GoVersion> oldest() {
        return floors.stream().map(Floor::oldest).max(Comparator.naturalOrder());
    }

    /** A release that will do, for who has to get one: the one that the tree is released with, where it says so. */
    public Optional<GoVersion> recommended() {
        return Stream.concat(wanted.stream(), oldest().stream())
                .max(Comparator.naturalOrder())
                .map(GoVersion::release);
    }

    /**
     * Who refuses a Go; where several do, the one that wants the newest.
     *
     * @param version as that Go, or the file VERSION of its SDK, says it
     */
    public Optional<Floor> refusing(String version) {
        Optional<GoVersion> has = GoVersion.parse(version);
        return floors.stream()
                .filter(floor -> has.filter(floor::refuses).isPresent())
                .max(Comparator.comparing(Floor::oldest));
    }

    /** The one that releases are built with, where this is another: builds with it differ in their bytes. */
    public Optional<GoVersion> wantedInsteadOf(String version) {
        return wanted.filter(one -> GoVersion.parse(version).filter(one::isSame).isEmpty());
    }

    /**
     * What to know of a Go that no script of the tree takes for as new as it is; while they are recorded, while they generate sources and
     * while they compile they are told a number that keeps its place as text, too.
     */
    public Optional<String> misread(String version) {
        return oldest().filter(
                        least -> comparesText && refusing(version).isEmpty() && version.compareTo(least.text()) < 0)
                .map(least -> "the tree's scripts compare versions of Go as text and would take " + version
                        + " for older than " + least + ": where they plan, generate and compile they are told another");
    }
}
