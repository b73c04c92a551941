package io.kubebuild.tree;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tree's {@code hack/lib/golang.sh} shows of how it calls go: which of the user's variables it reads, and what becomes of the
 * flags ({@code kube::golang::build_binaries}). Told by its text and not by a version: releases were patched, and forks differ.
 *
 * @param text the script without comments
 */
public record GoScript(String text) {

    private static final Pattern COMMENT = Pattern.compile("(?m)^[ \\t]*#.*$");

    /** Where the flags of the linker are put together, the version among them. */
    private static final Pattern LINKER_FLAGS = Pattern.compile("(?m)^[ \\t]*(?:local[ \\t]+)?goldflags=(.*)$");

    /** {@code ${GOLDFLAGS=-s -w}}: what is used where nobody says anything. */
    private static final Pattern DEFAULT = Pattern.compile("\\$\\{(?:KUBE_)?GOLDFLAGS[^}]*}");

    private static final Pattern TARGET = Pattern.compile("(?<![\\w./$-])[A-Za-z][\\w.-]*(?:/[\\w.-]+)+(?![\\w./-])");

    private static final Pattern PLATFORM =
            Pattern.compile("(?<![\\w./-])(?:linux|darwin|windows|freebsd)/[a-z0-9]+(?![\\w./-])");

    private static final Pattern STRIPS = Pattern.compile("(?<![\\w-])-[sw](?![\\w-])");

    /** From this Go on a pattern may stand before the flags of the compiler; without one they are for the named packages alone. */
    private static final GoVersion FIRST_WITH_PATTERNS = new GoVersion("go1.10");

    /** Where {@code kube::golang::verify_go_version}, up to v1.7 {@code setup_env}, names the oldest Go. */
    private static final Pattern OLDEST_GO =
            Pattern.compile("(?:minimum_go_version=\"?|go_version\\[2]}\" < \")(go[0-9][0-9.a-z]*)");

    private static final Pattern COMPARES_TEXT = Pattern.compile("go_version\\[2]}\" < \"");

    public GoScript {
        text = COMMENT.matcher(text).replaceAll("");
    }

    /** The script of a tree. */
    public static GoScript of(TreeRoot tree) {
        return new GoScript(tree.text("hack/lib/golang.sh").orElse(""));
    }

    /** Whether it reads a variable. */
    public boolean reads(String variable) {
        return Pattern.compile("\\$\\{?!?" + Pattern.quote(variable) + "\\b")
                .matcher(text)
                .find();
    }

    /** Whether a word stands in it, as the name of a program does in its lists. */
    public boolean mentions(String word) {
        return Pattern.compile("(?<![\\w.-])" + Pattern.quote(word) + "(?![\\w.-])")
                .matcher(text)
                .find();
    }

    /** What may be targets among its words: {@code cmd/kubectl}. */
    public List<String> targets() {
        List<String> platforms = platforms().stream().map(Platform::toString).toList();
        return TARGET.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(word -> !platforms.contains(word))
                .distinct()
                .toList();
    }

    /** All platforms that it speaks of; empty where it has no lists of them. */
    public List<Platform> platforms() {
        return text.contains("_PLATFORMS=(")
                ? PLATFORM.matcher(text)
                        .results()
                        .flatMap(found -> Platform.parse(found.group()).stream())
                        .distinct()
                        .toList()
                : List.of();
    }

    /** Whether it takes a variable apart at blanks; up to v1.10 it is an array, of which a variable from outside is one element. */
    public boolean splits(String variable) {
        String name = Pattern.quote(variable);
        return Pattern.compile("read -r?a[^\\n]*<<<[^\\n]*\\$\\{" + name + "\\b|(?<=\\s)\\$\\{" + name + "(?::?-)?}")
                .matcher(text)
                .find();
    }

    /** Upstream's name of the variable with a platform's C compiler: {@code KUBE_LINUX_ARM64_CC}. */
    public static String compilerVariable(Platform platform) {
        return "KUBE_" + (platform.os() + "_" + platform.arch()).toUpperCase(Locale.ROOT) + "_CC";
    }

    /** Whether the C compiler of a platform can be chosen: from v1.20 of some, from v1.23 of all. */
    public boolean takesCompiler(Platform platform) {
        return reads(compilerVariable(platform)) || text.contains("\"KUBE_\" toupper($1) \"_\" toupper($2) \"_CC\"");
    }

    /** Whether it has a switch for debugging of its own (from v1.24). */
    public boolean knowsDebug() {
        return reads("DBG");
    }

    /** Whether its debugging puts {@code all=-N -l} behind other flags of the compiler, where Go takes no pattern (from v1.30). */
    public boolean debugStandsAlone() {
        return knowsDebug() && text.contains("gogcflags} all=");
    }

    /** Whether nothing keeps it from stripping (v1.13 and v1.14): the flags stand beside GOLDFLAGS and not in its place. */
    public boolean stripsAlways() {
        Matcher flags = LINKER_FLAGS.matcher(text);
        boolean strips = false;
        while (flags.find()) {
            strips |= STRIPS.matcher(DEFAULT.matcher(flags.group(1)).replaceAll(""))
                    .find();
        }
        return strips && !knowsDebug();
    }

    /** Whether flags of the compiler can be given (from v1.4). */
    public boolean takesCompilerFlags() {
        return reads("GOGCFLAGS") || reads("KUBE_GOGCFLAGS");
    }

    /** Whether its Go takes flags of the compiler for all packages: {@code all=-N}. */
    public boolean knowsPatterns() {
        return oldestGo()
                .filter(oldest -> oldest.isOlderThan(FIRST_WITH_PATTERNS))
                .isEmpty();
    }

    /** The oldest Go that it lets pass ({@code kube::golang::verify_go_version}); empty where it does not say. */
    public Optional<GoVersion> oldestGo() {
        Matcher oldest = OLDEST_GO.matcher(text);
        return oldest.find() ? GoVersion.parse(oldest.group(1)) : Optional.empty();
    }

    /** Whether it compares versions of Go as text, as that function does up to v1.13. */
    public boolean comparesVersionsAsText() {
        return COMPARES_TEXT.matcher(text).find();
    }
}
