package io.kubebuild.reach;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds out what the generators read, in a workspace where they have just run.
 *
 * <p>The packages that they start from are those with a tag, those that a tag names, and those that the Makefile names: peers, and the
 * generators themselves. What these import is in {@code .make/go-pkgdeps.mk} (v1.9 to about v1.23), which make has written anew;
 * of a package that is not in there, everything between quotes counts as an import.
 */
public final class GeneratorInputsReader {

    /** The rules of every upstream version; a fork's generators may read anything. */
    private static final Set<String> KNOWN_RULES = Set.of(
            "gen_prerelease_lifecycle",
            "gen_deepcopy",
            "gen_defaulter",
            "gen_conversion",
            "gen_openapi",
            "gen_bindata");

    private static final Pattern ALL_RULES =
            Pattern.compile("^generated_files:[ \\t]*(\\S[^\\n]*)$(?!\\n\\t)", Pattern.MULTILINE);
    private static final Pattern MADE_OF_WORDS = Pattern.compile("[\\w.-]+(/[\\w.-]+)+");
    private static final Pattern TAG = Pattern.compile("\\+k8s:([\\w-]+)=(\\S+)");
    private static final Pattern TYPE_NAME = Pattern.compile("\\.[A-Z]\\w*$");

    /** Tags whose values are packages that the generators load besides; {@code false}, {@code true} and names are none. */
    private static final Set<String> NAMES_PACKAGES =
            Set.of("conversion-gen", "conversion-gen-external-types", "defaulter-gen-input");

    private final Workspace workspace;
    private final SourceDirectories directories;

    public GeneratorInputsReader(Workspace workspace, SourceDirectories directories) {
        this.workspace = workspace;
        this.directories = directories;
    }

    /**
     * Reads.
     *
     * @throws IOException where it does not become clear, with the reason
     */
    public GeneratorInputs read() throws IOException, InterruptedException {
        List<String> told = run("generators.sh", List.of());
        String makefile = String.join("\n", startingWith("makefile ", told)).replace("\\\n", " ");
        refuseUnknownRules(makefile);
        if (!told.contains("graph")) {
            throw new IOException("the tree keeps no list of what packages import (.make/go-pkgdeps.mk)");
        }
        Set<String> roots = new TreeSet<>();
        Matcher words = MADE_OF_WORDS.matcher(makefile.replace("$(PRJ_SRC_PATH)", SourceDirectories.MODULE));
        while (words.find()) {
            roots.addAll(packages(words.group(), ""));
        }
        for (String tag : startingWith("tag ", told)) {
            roots.addAll(rootsOf(tag));
        }
        return new GeneratorInputs(new TreeSet<>(closure(roots)), startingWith("bundled ", told));
    }

    private static void refuseUnknownRules(String makefile) throws IOException {
        Matcher rules = ALL_RULES.matcher(makefile);
        if (!rules.find()) {
            throw new IOException(
                    "Makefile.generated_files has no rule generated_files with nothing but prerequisites");
        }
        for (String rule : rules.group(1).strip().split("\\s+", -1)) {
            if (!KNOWN_RULES.contains(rule)) {
                throw new IOException("the rule " + rule + " of Makefile.generated_files may read anything");
            }
        }
    }

    /** The directory of a tag, {@code pkg/apis/apps/v1/doc.go:// +k8s:conversion-gen=k8s.io/…}, and the packages it names. */
    private Set<String> rootsOf(String tag) throws IOException {
        String file = tag.substring(0, Math.max(0, tag.indexOf(".go:")));
        Set<String> roots = new TreeSet<>();
        directories.real(SourceDirectories.parent(file)).ifPresent(roots::add);
        Matcher value = TAG.matcher(tag);
        while (value.find()) {
            for (String word : value.group(2).split(",", -1)) {
                Set<String> named = packages(TYPE_NAME.matcher(word).replaceFirst(""), SourceDirectories.parent(file));
                if (named.isEmpty() && word.contains("/") && NAMES_PACKAGES.contains(value.group(1))) {
                    throw new IOException("the tree has no package for the tag in " + tag);
                }
                roots.addAll(named);
            }
        }
        return roots;
    }

    /** Directories that a word may mean: an import path, a path in the tree, or one relative to a package. */
    private Set<String> packages(String word, String from) {
        Set<String> found = new TreeSet<>(directories.ofImport(word));
        Stream.of(word, from + "/" + word)
                .flatMap(path -> directories.real(path).stream())
                .filter(directories.holdingGo()::contains)
                .forEach(found::add);
        return found;
    }

    private Set<String> closure(Set<String> roots) throws IOException, InterruptedException {
        PackageGraph graph = graph();
        Set<String> looked = new TreeSet<>();
        Set<String> all = new TreeSet<>(roots);
        while (true) {
            Set<String> reached = graph.closure(all);
            List<String> unknown = reached.stream()
                    .filter(directory -> !graph.knows(directory) && !looked.contains(directory))
                    .toList();
            if (unknown.isEmpty()) {
                return reached;
            }
            looked.addAll(unknown);
            for (String word : startingWith("word ", run("words.sh", unknown))) {
                all.addAll(directories.ofImport(word));
            }
        }
    }

    private PackageGraph graph() throws IOException {
        try (InputStream stream = workspace.get(workspace.root() + "/.make/go-pkgdeps.mk");
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
            if (tar.next().isEmpty()) {
                throw new IOException("the workspace does not hand out .make/go-pkgdeps.mk");
            }
            return PackageGraph.read(
                    new BufferedReader(new InputStreamReader(tar, StandardCharsets.UTF_8), 1 << 16), directories);
        }
    }

    private List<String> run(String script, Collection<String> arguments) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", text(script), "sh"));
        argv.addAll(arguments);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        int exit = workspace.run(new Command(argv, Map.of("LC_ALL", "C"), workspace.root(), false), lines::add);
        if (exit != 0) {
            throw new IOException(script + " failed in the workspace: "
                    + lines.stream().reduce((first, last) -> last).orElse("exit code " + exit));
        }
        return List.copyOf(lines);
    }

    private static List<String> startingWith(String kind, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .distinct()
                .toList();
    }

    private static String text(String name) throws IOException {
        try (InputStream in = GeneratorInputsReader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the plugin's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
