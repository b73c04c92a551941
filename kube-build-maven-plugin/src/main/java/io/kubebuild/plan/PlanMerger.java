package io.kubebuild.plan;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.problem.Shown;
import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes a plan of a recording: each program once, and in as few commands as can be.
 *
 * <p>The tree's {@code cross.sh} runs five builds that overlap; each loads the same thousands of packages again. {@code go
 * install} commands that share everything but their packages become one; commands that name their output stay as they are.
 */
public final class PlanMerger {

    /** The same recording, in whatever order, gives the same plan; throws where two commands write one file. */
    public Plan merge(Recording recording) {
        GoOutputs paths = new GoOutputs(recording.toolchain());
        Map<Object, List<GoCommand>> groups = recording.commands().stream()
                .sorted(Comparator.comparing(PlanMerger::order))
                .collect(Collectors.groupingBy(PlanMerger::group, LinkedHashMap::new, Collectors.toList()));

        List<CompileJob> jobs = new ArrayList<>();
        for (List<GoCommand> group : groups.values()) {
            Set<String> packages = new TreeSet<>();
            group.forEach(command -> packages.addAll(command.packages()));
            GoCommand merged =
                    isMergeable(group.get(0)) ? group.get(0).withPackages(List.copyOf(packages)) : group.get(0);
            jobs.add(new CompileJob(merged, promises(merged, recording, paths)));
        }
        jobs.sort(Comparator.comparing(
                        (CompileJob job) -> job.outputs().get(0).platform().toString())
                .thenComparing(job -> job.command().verb())
                .thenComparing(job -> job.outputs().get(0).path()));
        refuseSharedOutputs(jobs);
        refuseMissing(recording, jobs);
        return new Plan(recording.toolchain(), jobs);
    }

    /** Commands with equal groups become one. */
    private static Object group(GoCommand command) {
        MergeKey key = MergeKey.of(command);
        return isMergeable(command) ? key : List.of(key, command.packages());
    }

    private static boolean isMergeable(GoCommand command) {
        return command.verb().equals("install");
    }

    private static String order(GoCommand command) {
        return String.join("\0", command.argv()) + "\0\0" + command.directory() + "\0\0" + command.environment();
    }

    private static List<PromisedOutput> promises(GoCommand command, Recording recording, GoOutputs paths) {
        Platform platform = command.platform(recording.toolchain());
        Set<PromisedOutput> promises = new LinkedHashSet<>();
        for (String packagePath : command.packages()) {
            String path = paths.path(command, packagePath);
            String name = path.substring(path.lastIndexOf('/') + 1);
            String target = recording.request().requested().stream()
                    .map(RequestedOutput::target)
                    .filter(candidate ->
                            isOf(candidate, command, packagePath, platform.program(candidate.program()), name))
                    .map(Target::name)
                    .findFirst()
                    .orElse(packagePath);
            promises.add(new PromisedOutput(
                    target, platform, path, recording.request().placedPath(recording.root(), platform, name)));
        }
        return List.copyOf(promises);
    }

    private static boolean isOf(Target target, GoCommand command, String packagePath, String wanted, String name) {
        return target.isTest() == command.verb().equals("test") && target.isPackage(packagePath) && wanted.equals(name);
    }

    private static void refuseSharedOutputs(List<CompileJob> jobs) {
        Map<String, CompileJob> byPath = new HashMap<>();
        Map<String, String> targetByPath = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (CompileJob job : jobs) {
            for (PromisedOutput output : job.outputs()) {
                CompileJob other = byPath.put(output.path(), job);
                String otherTarget = targetByPath.put(output.path(), output.target());
                if (other == null || otherTarget == null) {
                    continue;
                }
                String why = other.equals(job)
                        ? "one go command builds both"
                        : "the commands differ in "
                                + MergeKey.of(other.command()).difference(MergeKey.of(job.command()));
                problems.add(
                        otherTarget.equals(output.target())
                                ? new Problem(
                                        output.target() + " would be built twice, differently, as " + output.path(),
                                        why,
                                        "leave the order to the tree's own scripts: -Dkube.compiler=make")
                                : new Problem(
                                        otherTarget + " and " + output.target() + " would both be built as "
                                                + output.path(),
                                        why,
                                        "build one at a time: -Dwhat=" + otherTarget + ", then -Dwhat="
                                                + output.target()));
            }
        }
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
    }

    private static void refuseMissing(Recording recording, List<CompileJob> jobs) {
        Set<RequestedOutput> missing = new TreeSet<>(recording.request().requested());
        jobs.stream()
                .flatMap(job -> job.outputs().stream())
                .forEach(output -> missing.remove(new RequestedOutput(output.target(), output.platform())));
        if (missing.isEmpty()) {
            return;
        }
        // Two spellings of one target are both promised by the one output.
        missing.removeIf(wanted -> jobs.stream()
                .flatMap(job -> job.outputs().stream()
                        .filter(output -> output.platform().equals(wanted.platform()))
                        .filter(output -> new Target(output.target())
                                .program()
                                .equals(wanted.target().program()))
                        .filter(output -> job.command().packages().stream().anyMatch(wanted.target()::isPackage)))
                .findAny()
                .isPresent());
        if (!missing.isEmpty()) {
            throw KubeException.user(
                    "The tree's scripts do not compile: "
                            + Shown.names(missing.stream()
                                    .map(RequestedOutput::toString)
                                    .toList()),
                    "they ran to their end, but gave go no such command ("
                            + recording.commands().size() + " commands recorded)",
                    "ask for targets and platforms that this tree builds (-Dwhat, -Dkube.platforms); a tree whose"
                            + " scripts go around PATH to call go needs -Dkube.compiler=make");
        }
    }
}
