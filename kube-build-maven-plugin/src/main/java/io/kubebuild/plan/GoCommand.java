package io.kubebuild.plan;

import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One call of go, as a script of the tree made it.
 *
 * @param directory the caller's PWD, symbolic links included: the GOPATH is entered through one
 * @param environment the whole environment of the call
 * @param argv the words, {@code go} first
 */
public record GoCommand(String directory, SortedMap<String, String> environment, List<String> argv) {

    /**
     * Flags of build, install and test that stand alone. All others take a value, in the next word where there is no {@code
     * =}. Source: {@code go help build}, {@code go help test}, {@code go help testflag}.
     */
    private static final Set<String> FLAGS_WITHOUT_VALUE = Set.of(
            "a",
            "asan",
            "benchmem",
            "buildvcs",
            "c",
            "cover",
            "failfast",
            "fullpath",
            "i",
            "json",
            "linkshared",
            "modcacherw",
            "msan",
            "n",
            "race",
            "short",
            "test.v",
            "trimpath",
            "v",
            "work",
            "x");

    public GoCommand {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        argv = List.copyOf(argv);
        if (argv.size() < 2 || !argv.get(0).equals("go")) {
            throw new IllegalArgumentException("no go command: " + argv);
        }
    }

    /** {@code install}, {@code build} or {@code test}. */
    public String verb() {
        int at = verbIndex();
        return at < argv.size() ? argv.get(at) : "";
    }

    /** What to build: the words after the flags. */
    public List<String> packages() {
        return argv.subList(packagesIndex(), argv.size());
    }

    /** Everything before the packages. */
    public List<String> head() {
        return argv.subList(0, packagesIndex());
    }

    /** The words between verb and packages, values included. */
    public List<String> flags() {
        return argv.subList(Math.min(verbIndex() + 1, packagesIndex()), packagesIndex());
    }

    /** The value of {@code -o}, as given. */
    public Optional<String> output() {
        return flag("o");
    }

    /** Value of a flag, whichever of its forms was used; the last one counts. */
    public Optional<String> flag(String name) {
        List<String> flags = flags();
        Optional<String> found = Optional.empty();
        for (int i = 0; i < flags.size(); i++) {
            String word = flags.get(i);
            String bare = bareName(word);
            int equals = bare.indexOf('=');
            if (equals >= 0) {
                if (bare.substring(0, equals).equals(name)) {
                    found = Optional.of(bare.substring(equals + 1));
                }
            } else if (!FLAGS_WITHOUT_VALUE.contains(bare)) {
                i++;
                if (bare.equals(name) && i < flags.size()) {
                    found = Optional.of(flags.get(i));
                }
            }
        }
        return found;
    }

    /** Where go looks: the directory, or what {@code -C} makes of it. */
    public String effectiveDirectory() {
        Optional<String> changed = flag("C");
        for (int i = 1; i < verbIndex() && changed.isEmpty(); i++) {
            if (argv.get(i).equals("-C")) {
                changed = Optional.of(argv.get(i + 1));
            } else if (argv.get(i).startsWith("-C=")) {
                changed = Optional.of(argv.get(i).substring(3));
            }
        }
        return changed.map(this::resolve).orElse(directory);
    }

    /** The platform that is compiled for: GOOS and GOARCH, or the host's. */
    public Platform platform(Toolchain toolchain) {
        return new Platform(
                variable("GOOS").orElse(toolchain.host().os()),
                variable("GOARCH").orElse(toolchain.host().arch()));
    }

    /** The first directory of GOPATH, where programs go; empty where GOPATH is unset. */
    public Optional<String> gopath() {
        return variable("GOPATH").map(path -> path.split(":", 2)[0]);
    }

    /** Whether go works on modules; off means a plain GOPATH. */
    public boolean modules() {
        return !environment.getOrDefault("GO111MODULE", "").equals("off");
    }

    /** A variable that is set to something. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** The same command for other packages. */
    public GoCommand withPackages(List<String> packages) {
        List<String> words = new ArrayList<>(head());
        words.addAll(packages);
        return new GoCommand(directory, environment, words);
    }

    /** The same command with one more flag, behind all others. */
    public GoCommand withFlag(String flag) {
        List<String> words = new ArrayList<>(head());
        words.add(flag);
        words.addAll(packages());
        return new GoCommand(directory, environment, words);
    }

    /** The same command with the value of a flag changed, in all places where it is given. */
    public GoCommand withFlagValue(String name, UnaryOperator<String> change) {
        List<String> words = new ArrayList<>(argv);
        for (int i = verbIndex() + 1; i < packagesIndex(); i++) {
            String bare = bareName(words.get(i));
            int equals = words.get(i).indexOf('=');
            if (bare.startsWith(name + "=")) {
                words.set(
                        i,
                        words.get(i).substring(0, equals + 1)
                                + change.apply(words.get(i).substring(equals + 1)));
            } else if (equals < 0 && !FLAGS_WITHOUT_VALUE.contains(bare) && i + 1 < packagesIndex()) {
                i++;
                if (bare.equals(name)) {
                    words.set(i, change.apply(words.get(i)));
                }
            }
        }
        return new GoCommand(directory, environment, words);
    }

    /** The same command with these variables instead of or beside its own. */
    public GoCommand withVariables(Map<String, String> variables) {
        SortedMap<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        return new GoCommand(directory, all, argv);
    }

    private String resolve(String path) {
        return path.startsWith("/") ? path : directory + "/" + path;
    }

    private int verbIndex() {
        int at = 1;
        while (at < argv.size() && argv.get(at).startsWith("-")) {
            at += argv.get(at).equals("-C") ? 2 : 1;
        }
        return at;
    }

    private int packagesIndex() {
        int at = verbIndex() + 1;
        while (at < argv.size() && argv.get(at).startsWith("-")) {
            String bare = bareName(argv.get(at));
            at += bare.contains("=") || FLAGS_WITHOUT_VALUE.contains(bare) ? 1 : 2;
        }
        return Math.min(at, argv.size());
    }

    private static String bareName(String word) {
        return word.startsWith("--") ? word.substring(2) : word.substring(1);
    }
}
