package io.kubebuild.sync;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.ShellFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * rsync's filter rules as data: for each path the first rule that matches decides. They are read from the tree's own {@code
 * build/common.sh}, because they differ between releases (and forks) in what is generated and what is not.
 *
 * @param rules in order
 */
public record FilterRules(List<Rule> rules) {

    private static final String IN = "kube::build::sync_to_container";
    private static final String OUT = "kube::build::copy_output";

    /**
     * For trees whose scripts have no such rules (before v1.5 the sources were baked into an image): no git, no outputs. What v1.5
     * began with.
     */
    private static final List<String> FALLBACK_IN = List.of("H /.git", "- /.make/", "- /_tmp/", "- /_output/", "- /");

    /** For trees from v1.35 on, whose scripts mount the whole tree: what v1.34 sent, git among it, which go asks for the commit. */
    private static final List<String> FALLBACK_MOUNTED = List.of("- /_tmp/", "- /_output/", "- /");

    /** The mark of those. */
    private static final String MOUNTED = "KUBE_CROSS_CONTAINER_ROOT";

    /** The generated sources that v1.5 began to copy back. */
    private static final List<String> FALLBACK_OUT =
            List.of("- /vendor/", "- /_temp/", "+ zz_generated.*", "+ generated.proto", "+ *.pb.go", "+ */", "- /**");

    public FilterRules {
        rules = List.copyOf(rules);
    }

    /** What a rule does with the paths that match. */
    public enum Effect {
        /** {@code +}: it is transferred. */
        INCLUDE(true, true),
        /** {@code -}: it is neither transferred nor deleted at the receiver. */
        EXCLUDE(true, true),
        /** {@code H}: it is not transferred, so that the receiver deletes its own. */
        HIDE(true, false),
        /** {@code S}: it is transferred. */
        SHOW(true, false),
        /** {@code P}: it is not deleted at the receiver. */
        PROTECT(false, true),
        /** {@code R}: it is deleted at the receiver where the sender has none. */
        RISK(false, true);

        private final boolean sender;
        private final boolean receiver;

        Effect(boolean sender, boolean receiver) {
            this.sender = sender;
            this.receiver = receiver;
        }
    }

    /** One rule. */
    public record Rule(Effect effect, PathPattern pattern) {

        /** Reads {@code - /_output/} or {@code exclude /_output/}. */
        static Rule parse(String text) {
            String[] parts = text.strip().split("[ _]", 2);
            Effect effect =
                    switch (parts[0].toLowerCase(Locale.ROOT)) {
                        case "+", "include" -> Effect.INCLUDE;
                        case "-", "exclude" -> Effect.EXCLUDE;
                        case "h", "hide" -> Effect.HIDE;
                        case "s", "show" -> Effect.SHOW;
                        case "p", "protect" -> Effect.PROTECT;
                        case "r", "risk" -> Effect.RISK;
                        default -> throw unknown(text);
                    };
            if (parts.length < 2 || parts[1].isEmpty() || parts[1].contains("${")) {
                throw unknown(text);
            }
            return new Rule(effect, PathPattern.parse(parts[1]));
        }

        private static KubeException unknown(String text) {
            return KubeException.build(
                    "the tree's build/common.sh has an rsync filter rule that cannot be read: '" + text + "'",
                    "the plugin knows + - H S P R with a pattern",
                    "rewrite the rule in build/common.sh in that form");
        }
    }

    /** Rules written as rsync's {@code --filter} takes them. */
    public static FilterRules of(List<String> rules) {
        return new FilterRules(rules.stream().map(Rule::parse).toList());
    }

    /** The same rules after others that leave names at the root as they are on both sides. */
    public FilterRules leavingAlone(List<String> names) {
        List<Rule> all = new ArrayList<>();
        names.forEach(name -> all.add(Rule.parse("- /" + name)));
        all.addAll(rules);
        return new FilterRules(all);
    }

    /** What {@code kube::build::sync_to_container} leaves out on the way into the container. */
    public static FilterRules inward(String commonScript) {
        return of(read(commonScript, IN)
                .orElseGet(() -> commonScript.contains(MOUNTED) ? FALLBACK_MOUNTED : FALLBACK_IN));
    }

    /**
     * Which generated sources {@code kube::build::copy_output} brings back. What lies under {@code _output} is left out whatever
     * the script says: binaries are copied by name, and the Go caches there hold thousands of files of the same names.
     */
    public static FilterRules generatedOutward(String commonScript) {
        List<String> rules = new ArrayList<>(List.of("- /_output/"));
        rules.addAll(read(commonScript, OUT).orElse(FALLBACK_OUT));
        return of(rules);
    }

    private static Optional<List<String>> read(String script, String function) {
        List<String> words =
                ShellFunction.find(script, function).map(ShellFunction::words).orElse(List.of());
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("--filter=")) {
                rules.add(word.substring("--filter=".length()));
            } else if (word.startsWith("--exclude=")) {
                rules.add("- " + word.substring("--exclude=".length()));
            } else if (word.startsWith("--include=")) {
                rules.add("+ " + word.substring("--include=".length()));
            } else if ((word.equals("--filter") || word.equals("-f")) && i + 1 < words.size()) {
                rules.add(words.get(++i));
            }
        }
        return rules.isEmpty() ? Optional.empty() : Optional.of(rules);
    }

    /** Whether the sender takes this path, given that it takes the directory that holds it. */
    public boolean sends(String path, boolean directory) {
        return first(path, directory, effect -> effect.sender)
                .map(effect -> effect == Effect.INCLUDE || effect == Effect.SHOW)
                .orElse(true);
    }

    /** Whether the receiver keeps this path although the sender has none, for its own sake and not for its directory's. */
    public boolean protects(String path, boolean directory) {
        return first(path, directory, effect -> effect.receiver)
                .map(effect -> effect == Effect.EXCLUDE || effect == Effect.PROTECT)
                .orElse(false);
    }

    /** Whether the receiver keeps this path or a directory that holds it. */
    public boolean shelters(String path, boolean directory) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (protects(path.substring(0, slash), true)) {
                return true;
            }
        }
        return protects(path, directory);
    }

    /** Directories at the root that the receiver keeps as they are: nobody has to look into them. */
    public List<String> shelteredDirectories() {
        return rules.stream()
                .map(rule -> rule.pattern().toString())
                .filter(pattern -> pattern.matches("/[A-Za-z0-9._-]+/?"))
                .map(pattern -> pattern.replace("/", ""))
                .filter(name -> protects(name, true))
                .distinct()
                .toList();
    }

    private Optional<Effect> first(String path, boolean directory, Predicate<Effect> side) {
        for (Rule rule : rules) {
            if (side.test(rule.effect()) && rule.pattern().matches(path, directory)) {
                return Optional.of(rule.effect());
            }
        }
        return Optional.empty();
    }

    /** One hash over the rules. */
    public String id() {
        StringBuilder text = new StringBuilder();
        rules.forEach(rule ->
                text.append(rule.effect()).append(' ').append(rule.pattern()).append('\n'));
        return Fingerprint.sha256(text.toString());
    }
}
