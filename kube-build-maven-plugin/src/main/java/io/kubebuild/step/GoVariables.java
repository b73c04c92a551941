package io.kubebuild.step;

import io.kubebuild.plan.Recording;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.GoVersion;
import io.kubebuild.tree.NearestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Variables by which the tree's {@code hack/lib/golang.sh} makes other programs than those of a release. Where releases differ in what
 * a variable means, the settings mean the same and the variables differ.
 */
final class GoVariables {

    private static final String NO_OPTIMISATION = "-N -l";
    private static final Pattern STRIPS = Pattern.compile("(?<![\\w-])-[sw](?![\\w-])");

    private final BuildRequest request;
    private final BinarySettings binaries;
    private final GoScript script;

    GoVariables(BuildRequest request, GoScript script) {
        this.request = request;
        this.binaries = request.scripts().binaries();
        this.script = script;
    }

    /** The variables that are set; some take the place of those that every build has. */
    Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>();
        if (binaries.debug()) {
            debug(variables);
        }
        if (TreeVariables.asksForPpc64le(request) && script.reads(TreeVariables.PPC64LE)) {
            variables.put(TreeVariables.PPC64LE, "y");
        }
        if (binaries.race()) {
            variables.put("KUBE_RACE", "-race");
        }
        if (binaries.coverage()) {
            variables.put("KUBE_BUILD_WITH_COVERAGE", "y");
        }
        if (!binaries.cgo().isEmpty()) {
            variables.put("KUBE_CGO_OVERRIDES", String.join(" ", binaries.cgo()));
        }
        if (!binaries.statics().isEmpty()) {
            variables.put("KUBE_STATIC_OVERRIDES", String.join(" ", binaries.statics()));
        }
        binaries.compilers()
                .forEach((platform, compiler) -> variables.put(GoScript.compilerVariable(platform), compiler));
        request.scripts().tools().goToolchain().ifPresent(go -> variables.put("GOTOOLCHAIN", go));
        return variables;
    }

    private void debug(Map<String, String> variables) {
        if (script.knowsDebug()) {
            variables.put("DBG", "1");
            return;
        }
        // Set but empty keeps the symbols from v1.15 to v1.23, and before that changes nothing.
        variables.put("GOLDFLAGS", request.go().goLdFlags().orElse(""));
        String given = request.go().goGcFlags().orElse("");
        if (script.takesCompilerFlags()) {
            String own = given.startsWith("all=") ? given.substring("all=".length()) : given;
            variables.put("GOGCFLAGS", ((script.knowsPatterns() ? "all=" : "") + NO_OPTIMISATION + " " + own).strip());
        } else {
            // v1.2 and v1.3 have flags of go alone, and take them apart as a shell does.
            String flags = request.go().goFlags().orElse("");
            variables.put("GOFLAGS", (flags + " -gcflags '" + NO_OPTIMISATION + "'").strip());
        }
    }

    /** What cannot be had from this tree, or not together. */
    List<Problem> problems(Optional<Description> description) {
        List<Problem> problems = new ArrayList<>();
        if (binaries.debug()) {
            problems.addAll(problemsOfDebug());
        }
        if (compiles()) {
            unread(binaries.race(), "kube.race", "KUBE_RACE").ifPresent(problems::add);
            unread(binaries.coverage(), "kube.coverage", "KUBE_BUILD_WITH_COVERAGE")
                    .ifPresent(problems::add);
        }
        problems.addAll(problemsOfNames("kube.cgoOverrides", "KUBE_CGO_OVERRIDES", binaries.cgo(), description));
        problems.addAll(
                problemsOfNames("kube.staticOverrides", "KUBE_STATIC_OVERRIDES", binaries.statics(), description));
        binaries.compilers().keySet().stream()
                .filter(platform -> !script.takesCompiler(platform))
                .forEach(platform ->
                        problems.add(noUse("kube.compilers for " + platform, GoScript.compilerVariable(platform))));
        return problems;
    }

    private List<Problem> problemsOfDebug() {
        List<Problem> problems = new ArrayList<>();
        String linker = request.go().goLdFlags().orElse("");
        if (STRIPS.matcher(linker).find()) {
            problems.add(new Problem(
                    "kube.goLdFlags is " + linker + ", which strips what kube.debug keeps",
                    "",
                    "leave -s and -w out of kube.goLdFlags, or leave kube.debug out"));
        }
        if (script.stripsAlways() && request.go().byMake()) {
            problems.add(new Problem(
                    "kube.debug cannot be had where this tree's own make compiles",
                    "hack/lib/golang.sh strips in any case; only go commands that were recorded can be changed",
                    "leave kube.compiler=make (or kube.coverage) out, or leave kube.debug out"));
        }
        String compiler = request.go().goGcFlags().orElse("");
        boolean other = !compiler.startsWith("-") && !compiler.startsWith("all=");
        if (!compiler.isEmpty() && (script.debugStandsAlone() || (!script.knowsDebug() && other))) {
            problems.add(new Problem(
                    "kube.goGcFlags is " + compiler + ", which cannot stand beside kube.debug in this tree",
                    script.knowsDebug()
                            ? "hack/lib/golang.sh puts all=" + NO_OPTIMISATION
                                    + " behind it, and go takes a pattern only in front"
                            : "kube.debug is " + NO_OPTIMISATION + " for all packages, and go takes one pattern",
                    script.knowsDebug()
                            ? "leave one of the two out"
                            : "begin kube.goGcFlags with all=, or leave one of the two out"));
        }
        return problems;
    }

    /** Whether this request compiles; where it does not, the variables are for commands of the user and for tests. */
    private boolean compiles() {
        return request.selection().packaged() || !request.selection().targets().isEmpty();
    }

    private Optional<Problem> unread(boolean set, String parameter, String variable) {
        return set && !script.reads(variable) ? Optional.of(noUse(parameter, variable)) : Optional.empty();
    }

    private static Problem noUse(String parameter, String variable) {
        return new Problem(
                parameter + " is set, but this tree has no use for it",
                "its hack/lib/golang.sh does not read " + variable,
                "leave " + parameter + " (and " + variable + ") out for this version of Kubernetes");
    }

    private List<Problem> problemsOfNames(
            String parameter, String variable, List<String> names, Optional<Description> description) {
        if (names.isEmpty()) {
            return List.of();
        }
        if (!script.reads(variable)) {
            return List.of(noUse(parameter, variable));
        }
        List<Problem> problems = new ArrayList<>();
        if (description.isEmpty()) {
            List<String> targets = new ArrayList<>(script.targets());
            targets.addAll(request.selection().targets());
            Set<String> programs = programs(targets);
            names.stream()
                    .filter(name -> !script.mentions(name) && !programs.contains(name))
                    .forEach(name -> problems.add(noProgram(parameter, name, programs)));
        }
        if (names.size() > 1 && !script.splits(variable)) {
            problems.add(new Problem(
                    parameter + " has " + names.size() + " names, and this tree can take one",
                    "up to v1.10 " + variable
                            + " is an array of bash, which has one element where it comes from outside",
                    "-D" + parameter + "=" + names.get(0)));
        }
        description.ifPresent(found -> {
            Set<String> programs = programs(found);
            names.stream()
                    .filter(name -> !programs.contains(name))
                    .forEach(name -> problems.add(noProgram(parameter, name, programs)));
        });
        return problems;
    }

    private static Problem noProgram(String parameter, String name, Set<String> programs) {
        return new Problem(
                parameter + " has " + name + ", which is no program of this tree",
                "",
                NearestMatch.of(name, programs)
                        .map(near -> "-D" + parameter + "=" + near)
                        .orElse("give names of programs, such as kubectl"));
    }

    private Set<String> programs(Description description) {
        List<String> targets = new ArrayList<>(description.allTargets());
        targets.addAll(request.selection().targets());
        return programs(targets);
    }

    private static Set<String> programs(List<String> targets) {
        Set<String> programs = new TreeSet<>();
        targets.forEach(target -> programs.add(target.substring(target.lastIndexOf('/') + 1)));
        return programs;
    }

    /** Throws where another Go was asked for than the one that was found. */
    void requireGo(Recording recording) {
        String found = recording.toolchain().version();
        anotherGo(request).filter(wanted -> !wanted.equals(found)).ifPresent(wanted -> {
            throw KubeException.user(List.of(notThere(wanted, found)));
        });
    }

    private static Optional<String> anotherGo(BuildRequest request) {
        return request.scripts().tools().goToolchain().filter(go -> !go.equals("local"));
    }

    /**
     * That the Go which was asked for is not there, and cannot be fetched by the one that is.
     *
     * @param found as {@code go version} says it
     */
    static Optional<Problem> unreachable(BuildRequest request, String found) {
        return anotherGo(request)
                .filter(wanted -> !wanted.equals(found))
                .filter(wanted -> GoVersion.parse(found)
                        .filter(go -> go.isOlderThan(GoVersion.FIRST_WITH_TOOLCHAINS))
                        .isPresent())
                .map(wanted -> notThere(wanted, found));
    }

    private static Problem notThere(String wanted, String found) {
        return new Problem(
                "kube.goToolchain is " + wanted + ", but the workspace's go is " + found,
                "a Go before 1.21 does not know GOTOOLCHAIN",
                "leave kube.goToolchain out, or name a cross image with that Go: -Dkube.crossVersion=TAG (in the host workspace an"
                        + " SDK: -Dkube.goSdk=DIRECTORY)");
    }
}
