package io.kubebuild.step;

import io.kubebuild.compile.CompileResult;
import io.kubebuild.event.BuildListener;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanFile;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.reach.OutputSources;
import io.kubebuild.reach.Reach;
import io.kubebuild.reach.SourceChange;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.SnapshotStore;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SourceTexts;
import io.kubebuild.workspace.Workspace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out which outputs of the last compile are what a new compile would make, so that go need not link them again. The record of
 * the last compile is believed for each file that still looks as it did; it stays when a compile fails, because nothing is placed
 * then.
 */
final class StandingOutputs {

    /** End of the name of a record. */
    static final String RECORD = "-made-of";

    private static final int NAMED = 3;

    private final BuildContext context;
    private final String record;

    /**
     * What the last compile left.
     *
     * @param compiled its outputs and the sources that they stand for
     * @param generated id of the generated sources
     * @param sources directories that each output is made of
     */
    record Last(CrossCompile.Compiled compiled, String generated, OutputSources sources) {}

    /** What is compiled now. */
    record Now(Sync.Synced synced, SourceSnapshot sources, String generated, Workspace workspace) {}

    /** @param slot of the plan that it is about */
    StandingOutputs(BuildContext context, String slot) {
        this.context = context;
        this.record = context.ofWorkspace(slot + RECORD);
    }

    /**
     * The part of a plan that has to run; tells why.
     *
     * @param recorded whether the plan has just been recorded, by scripts that may have generated sources
     */
    Plan partToRun(Plan plan, boolean recorded, Now now) throws InterruptedException {
        Optional<Last> last = context.state().read(record, Last.class);
        Optional<String> doubt = context.forces(StepName.CROSS_COMPILE)
                ? Optional.of(Steps.FORCED)
                : recorded ? Optional.of("the plan is new") : doubt(last, plan, now);
        Optional<SourceSnapshot> before = doubt.isPresent()
                ? Optional.empty()
                : snapshots().read().filter(one -> one.id()
                        .equals(last.orElseThrow().compiled().synced().snapshot()));
        if (before.isEmpty()) {
            return whole(plan, doubt.orElse("the sources of the last compile are not on record"));
        }
        Reach reach = new Reach(new SourceChange(
                before.get(), now.sources(), new SourceTexts(context.tree().path(), now.sources())));
        Optional<String> everything = reach.everything();
        if (everything.isPresent()) {
            return whole(plan, everything.get());
        }
        Map<String, String> reached = reached(reach, last.orElseThrow(), plan, now.workspace());
        Plan part = plan.only(plan.outputs().stream()
                .filter(output -> reached.containsKey(output.placedPath()))
                .toList());
        tell(part, plan, reached);
        return part;
    }

    private Optional<String> doubt(Optional<Last> last, Plan plan, Now now) {
        if (last.isEmpty()) {
            return Optional.of("there is no earlier compile to go by");
        }
        CrossCompile.Compiled compiled = last.get().compiled();
        if (!compiled.synced().dataContainer().equals(now.synced().dataContainer())
                || !compiled.synced().image().equals(now.synced().image())) {
            return Optional.of("the workspace is another one");
        }
        if (!compiled.plan().equals(new PlanFile().id(plan))) {
            return Optional.of("the go commands changed");
        }
        if (!last.get().generated().equals(now.generated())) {
            return Optional.of("generated sources changed");
        }
        return stampsGit(plan, now.sources())
                ? Optional.of("go may stamp programs with the state of .git")
                : Optional.empty();
    }

    /** From Go 1.18 the state of the whole working tree goes into a program, where go finds it. */
    private static boolean stampsGit(Plan plan, SourceSnapshot sources) {
        return sources.entries().containsKey(".git")
                && !plan.jobs().stream().allMatch(job -> words(job.command()).anyMatch("-buildvcs=false"::equals));
    }

    private static Stream<String> words(GoCommand command) {
        String flags = command.variable("GOFLAGS").orElse("");
        return Stream.concat(command.flags().stream(), Stream.of(flags.split("\\s+", -1)));
    }

    /** Placed paths of what has to be made, each with a reason. */
    private static Map<String, String> reached(Reach reach, Last last, Plan plan, Workspace workspace)
            throws InterruptedException {
        Map<String, Boolean> outputs = new LinkedHashMap<>();
        plan.jobs().forEach(job -> job.outputs()
                .forEach(output ->
                        outputs.put(output.placedPath(), job.command().verb().equals("test"))));
        Map<String, String> reached = new LinkedHashMap<>();
        Map<String, String> stats = CrossCompile.stats(workspace, plan.outputs());
        for (String path : outputs.keySet()) {
            String recorded = last.compiled().stats().get(path);
            if (recorded == null || !recorded.equals(stats.get(path))) {
                reached.put(path, "its file is gone or was written to");
            }
        }
        reach.outputs(outputs, last.sources()).forEach(reached::putIfAbsent);
        return reached;
    }

    private Plan whole(Plan plan, String why) {
        say("all " + plan.outputs().size() + " programs: " + why);
        return plan;
    }

    private void tell(Plan part, Plan plan, Map<String, String> reached) {
        int all = plan.outputs().size();
        List<PromisedOutput> made = part.outputs();
        if (made.isEmpty()) {
            say("nothing that programs are made of changed; all " + all + " stand");
            return;
        }
        List<String> targets =
                made.stream().map(PromisedOutput::target).distinct().toList();
        String names = String.join(", ", targets.subList(0, Math.min(NAMED, targets.size())))
                + (targets.size() > NAMED ? " and " + (targets.size() - NAMED) + " more" : "");
        String why = made.stream()
                .map(output -> reached.getOrDefault(output.placedPath(), ""))
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
        say(names + ": " + why + "; " + (all - made.size()) + " of " + all + " programs stand");
    }

    private void say(String text) {
        context.listener().on(new BuildListener.Fact("compile", text));
    }

    /** Takes down what a compile left, of which this part was run. */
    void remember(CrossCompile.Compiled compiled, Plan plan, Plan part, CompileResult result, Now now)
            throws InterruptedException {
        Set<PromisedOutput> made = Set.copyOf(part.outputs());
        List<String> kept = plan.outputs().stream()
                .filter(output -> !made.contains(output))
                .map(PromisedOutput::placedPath)
                .toList();
        OutputSources before = kept.isEmpty()
                ? OutputSources.of(Map.of())
                : context.state().read(record, Last.class).map(Last::sources).orElse(OutputSources.of(Map.of()));
        Map<String, Set<String>> directories =
                new PackageDirectories(now.sources(), now.workspace(), plan.toolchain()).of(result.packages());
        Steps.forget(context, record);
        snapshots().write(now.sources());
        Steps.write(context, record, new Last(compiled, now.generated(), before.with(directories, kept)));
    }

    private SnapshotStore snapshots() {
        return new SnapshotStore(snapshot(context, record), context.listener());
    }

    private static Path snapshot(BuildContext context, String record) {
        return context.state().file(record + ".snapshot.jsonl");
    }

    /** Forgets what a compile was made of. */
    static void forget(BuildContext context, String slot) {
        String record = context.ofWorkspace(slot + RECORD);
        Steps.forget(context, record);
        OutputDirectory.delete(snapshot(context, record));
    }
}
