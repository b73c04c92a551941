package io.kubebuild.step;

import io.kubebuild.cache.GoCaches;
import io.kubebuild.compile.CompileResult;
import io.kubebuild.compile.CompileSettings;
import io.kubebuild.compile.Compiler;
import io.kubebuild.compile.MakeCompiler;
import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanFile;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.plan.RequestedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compiles what the tree's {@code hack/make-rules/cross.sh} or {@code make all WHAT=…} would compile. */
final class CrossCompile implements Step {

    /** End of the name of a record. */
    static final String RECORD = "-compiled";

    /**
     * What a compile left.
     *
     * @param synced the sources that it was made of
     * @param plan id of the plan
     * @param outputs promised outputs
     * @param stats of the placed outputs in the workspace, by path
     * @param marks of the same, which can be asked for when nothing runs there
     */
    record Compiled(
            Sync.Synced synced,
            String plan,
            List<PromisedOutput> outputs,
            Map<String, String> stats,
            Map<String, String> marks) {
        Compiled {
            outputs = List.copyOf(outputs);
        }

        /** What became of these requests. */
        List<PromisedOutput> of(List<RequestedOutput> requested) {
            Set<RequestedOutput> wanted = Set.copyOf(requested);
            return outputs.stream()
                    .filter(output -> wanted.contains(new RequestedOutput(output.target(), output.platform())))
                    .toList();
        }
    }

    @Override
    public StepName name() {
        return StepName.CROSS_COMPILE;
    }

    private static String record(BuildContext context) {
        return context.ofWorkspace(new Planner(context).slot() + RECORD);
    }

    static Compiled compiled(BuildContext context) {
        return Steps.read(context, record(context), Compiled.class, StepName.CROSS_COMPILE);
    }

    @Override
    public boolean stands(BuildContext context) throws InterruptedException {
        return standing(context).isPresent();
    }

    /** Whether it stands, and has all of these. */
    static boolean standsWith(BuildContext context, List<RequestedOutput> requested) throws InterruptedException {
        return Generated.standing(context, Sync.synced(context)).isPresent()
                && standing(context)
                        .filter(compiled -> compiled.of(requested).size() == requested.size())
                        .isPresent();
    }

    private static Optional<Compiled> standing(BuildContext context) throws InterruptedException {
        Optional<Compiled> record = context.state().read(record(context), Compiled.class);
        if (record.isEmpty() || !record.get().synced().equals(Sync.synced(context))) {
            return Optional.empty();
        }
        if (!planId(context, Sync.snapshot(context))
                .equals(Optional.of(record.get().plan()))) {
            return Optional.empty();
        }
        Workspace workspace = Workspaces.open(context, record.get().synced().dataContainer());
        return marks(workspace, record.get().outputs()).equals(record.get().marks()) ? record : Optional.empty();
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        Sync.Synced synced = Sync.synced(context);
        SourceSnapshot sources = Sync.snapshot(context);
        if (Generated.standing(context, synced).isPresent()) {
            Optional<Compiled> standing = standing(context);
            if (standing.isPresent()) {
                return new Outcome.UpToDate(standing.get().outputs().size() + " binaries");
            }
        }
        Steps.forget(context, record(context));
        Sync.forgetBare(context);
        Workspace workspace = Workspaces.open(context, synced.dataContainer());
        Workspaces.putVersionFile(context, workspace);
        StampCheck.require(workspace, sources);
        GoCaches caches = new GoCaches(workspace);
        caches.beforeUse();
        boolean stood = Generated.standing(context, synced).isPresent();
        Generated.Made generated = Generated.ensure(context, workspace, synced, sources);
        if (!stood) {
            caches.afterUse(SharedCache.GENERATED, true);
        }
        Done done = compile(context, new StandingOutputs.Now(synced, sources, generated.id(), workspace));
        caches.afterUse(new Planner(context).kind(), done.whole());
        Compiled compiled = done.compiled();
        Steps.write(context, record(context), compiled);
        return new Outcome.Done(compiled.outputs().size() + " binaries, " + done.placed() + " of them new, for "
                + platforms(compiled.outputs()));
    }

    /**
     * What a compile gave.
     *
     * @param placed how many outputs are new
     * @param whole whether go was asked for every output
     */
    private record Done(Compiled compiled, int placed, boolean whole) {}

    private static Done compile(BuildContext context, StandingOutputs.Now now) throws InterruptedException {
        CompileSettings settings = new CompileSettings(context.state().file("cross-compile.log"));
        try {
            return context.request().go().byMake() ? byMake(context, now, settings) : byPlan(context, now, settings);
        } catch (IOException e) {
            throw KubeException.build(
                    "compiling failed", e.toString(), "check the engine and the disk, then run again", e);
        }
    }

    private static Done byMake(BuildContext context, StandingOutputs.Now now, CompileSettings settings)
            throws InterruptedException, IOException {
        Planner planner = new Planner(context);
        boolean coverage = context.request().scripts().binaries().coverage();
        String why = coverage ? "kube.coverage" : "kube.compiler=make";
        context.listener().on(new BuildListener.Fact("plan", "the tree's own make (" + why + ")"));
        CompileResult result = new MakeCompiler().run(now.workspace(), planner.request(), settings, context.listener());
        return done(context, now, result.outputs(), result.placed(), true);
    }

    private static Done byPlan(BuildContext context, StandingOutputs.Now now, CompileSettings settings)
            throws InterruptedException, IOException {
        Planner planner = new Planner(context);
        boolean recorded = planner.kept(now.sources()).isEmpty();
        Plan plan = planner.plan(now.workspace(), now.sources());
        context.listener()
                .on(new BuildListener.Fact(
                        "plan",
                        plan.jobs().size() + " go commands for "
                                + plan.outputs().size() + " binaries"));
        StandingOutputs standing = new StandingOutputs(context, planner.slot());
        Plan part = standing.partToRun(plan, recorded, now);
        CompileResult result = new Compiler().run(part, now.workspace(), settings, context.listener());
        boolean whole = part.outputs().size() == plan.outputs().size();
        Done done = done(context, now, plan.outputs(), result.placed(), whole);
        standing.remember(done.compiled(), plan, part, result, now);
        return done;
    }

    private static Done done(
            BuildContext context, StandingOutputs.Now now, List<PromisedOutput> outputs, int placed, boolean whole)
            throws InterruptedException {
        String plan = planId(context, now.sources()).orElseThrow();
        Map<String, String> stats = stats(now.workspace(), outputs);
        Map<String, String> marks = marks(now.workspace(), outputs);
        return new Done(new Compiled(now.synced(), plan, outputs, stats, marks), placed, whole);
    }

    /** What the compile follows: the plan that is kept, or where make compiles, everything that a plan would come from. */
    private static Optional<String> planId(BuildContext context, SourceSnapshot sources) {
        Planner planner = new Planner(context);
        return context.request().go().byMake()
                ? Optional.of("make " + planner.fingerprint(sources))
                : planner.kept(sources).map(new PlanFile()::id);
    }

    private static String platforms(List<PromisedOutput> outputs) {
        Set<String> platforms =
                outputs.stream().map(output -> output.platform().toString()).collect(Collectors.toSet());
        return platforms.stream().sorted().collect(Collectors.joining(", "));
    }

    private static Map<String, String> marks(Workspace workspace, List<PromisedOutput> outputs)
            throws InterruptedException {
        return workspace.marks(outputs.stream().map(PromisedOutput::placedPath).toList());
    }

    /** Size, mode, inode and times of every placed output, by one command; what is missing is not in the answer. */
    static Map<String, String> stats(Workspace workspace, List<PromisedOutput> outputs) throws InterruptedException {
        List<String> argv = new ArrayList<>(List.of("stat", "-c", "%s %a %i %y %z %n"));
        outputs.forEach(output -> argv.add(output.placedPath()));
        List<String> lines = new ArrayList<>();
        workspace.run(new Command(argv, Map.of("LC_ALL", "C", "TZ", "UTC"), workspace.root(), false), line -> {
            synchronized (lines) {
                lines.add(line);
            }
        });
        Map<String, String> stats = new TreeMap<>();
        for (String line : lines) {
            int path = line.indexOf(" /");
            if (path > 0 && Character.isDigit(line.charAt(0))) {
                stats.put(line.substring(path + 1), line.substring(0, path));
            }
        }
        return stats;
    }
}
