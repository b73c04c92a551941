package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanFile;
import io.kubebuild.plan.PlanMerger;
import io.kubebuild.plan.RecordRequest;
import io.kubebuild.plan.Recorder;
import io.kubebuild.plan.Recording;
import io.kubebuild.plan.RequestedOutput;
import io.kubebuild.plan.Unstripped;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.Platform;
import io.kubebuild.tree.TargetGroup;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes the plan of a build by recording the tree's scripts, or takes the last one as long as nothing that it came from changed. */
final class Planner {

    /** What scripts read on their way to a go command. */
    private static final Pattern READ_BY_SCRIPTS = Pattern.compile("(hack|build|build-tools|cluster/lib)(/.*)?"
            + "|(.*/)?Makefile[^/]*|go\\.(mod|work)|\\.go-version|vendor/modules\\.txt");

    private static final List<TargetGroup> RELEASED = List.of(
            TargetGroup.SERVER, TargetGroup.NODE, TargetGroup.CLIENT, TargetGroup.TEST, TargetGroup.SERVER_TEST);

    private static final String RELEASE = "release";
    private static final String TARGETS = "targets";
    private static final String IMAGES = "images";

    /** End of the name of a record. */
    private static final String PLAN = "-plan";

    /** End of the name of its file, after that. */
    private static final String COMMANDS = ".commands.json";

    private static final int SLOT_LENGTH = 8;

    /** How many plans are kept for a workspace; what is known of one's compile has some megabytes. */
    private static final int MOST_SLOTS = 8;

    private final BuildContext context;
    private final Verified verified;
    private final String kind;

    /**
     * What vouches for the plan that lies in a file of its own.
     *
     * @param fingerprint of everything that it came from
     * @param sha256 of the file
     */
    record Kept(String fingerprint, String sha256) {}

    private Planner(BuildContext context, Verified verified, String kind) {
        this.context = context;
        this.verified = verified;
        this.kind = kind;
    }

    Planner(BuildContext context) {
        this(context, Steps.verified(context), kind(context, Steps.verified(context)));
    }

    private static String kind(BuildContext context, Verified verified) {
        if (verified.isRelease() || context.usesReleaseCompile()) {
            return RELEASE;
        }
        return verified.imagesOnly() ? IMAGES : TARGETS;
    }

    /** Of the images alone, even where the compile of a release serves for them. */
    static Planner ofImages(BuildContext context) {
        return new Planner(context, Steps.verified(context), IMAGES);
    }

    /** Whose plan it is: a release's, its images' alone, or single targets'. */
    String kind() {
        return kind;
    }

    /**
     * Which plan is kept beside the others: a release, its images alone and single targets, each for the platforms that were asked for, do
     * not push each other out.
     */
    String slot() {
        List<String> targets = kind.equals(RELEASE) ? List.of() : verified.targets();
        return targets.isEmpty() && verified.platforms().isEmpty()
                ? kind
                : kind + "-"
                        + Fingerprint.sha256(targets + " for " + verified.platforms())
                                .substring(0, SLOT_LENGTH);
    }

    /** Forgets plans whose commands have no directory to run in any more: recording makes the GOPATH, and make clean takes it away. */
    static void forgetHomeless(BuildContext context, Workspace workspace) throws InterruptedException {
        for (String one : slots(context)) {
            List<String> argv =
                    new ArrayList<>(List.of("/bin/sh", "-c", "for d; do [ -d \"$d\" ] || exit 1; done", "sh"));
            argv.addAll(directories(file(context, one)));
            if (workspace.run(new Command(argv, Map.of(), workspace.root(), false), line -> {}) != 0) {
                Steps.forget(context, context.ofWorkspace(one + PLAN));
            }
        }
    }

    /** Of all plans that are kept for the workspace, the newest first. */
    private static List<String> slots(BuildContext context) {
        Path directory = Objects.requireNonNull(
                context.state().file(context.ofWorkspace(COMMANDS)).getParent());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(PLAN + COMMANDS) && Files.isRegularFile(file))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .map(file -> file.getFileName().toString())
                    .map(name -> name.substring(0, name.length() - (PLAN + COMMANDS).length()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    /** Forgets the plans that are not among the newest, with what is known of their compiles. */
    private static void prune(BuildContext context) {
        for (String old : slots(context).stream().skip(MOST_SLOTS).toList()) {
            Steps.forget(context, context.ofWorkspace(old + PLAN));
            Steps.forget(context, context.ofWorkspace(old + CrossCompile.RECORD));
            Steps.forget(context, old + CopyOutput.RECORD);
            StandingOutputs.forget(context, old);
            OutputDirectory.delete(file(context, old));
        }
    }

    private static List<String> directories(Path file) {
        try {
            return new PlanFile()
                    .read(file).stream()
                            .flatMap(plan -> plan.jobs().stream())
                            .map(job -> job.command().directory())
                            .distinct()
                            .toList();
        } catch (IOException e) {
            // It will be recorded anew for that.
            return List.of();
        }
    }

    /** The plan kept for exactly this build; the earlier steps stand. */
    Optional<Plan> kept(SourceSnapshot sources) {
        Optional<Kept> kept = context.state().read(context.ofWorkspace(slot() + PLAN), Kept.class);
        if (kept.isEmpty() || !kept.get().fingerprint().equals(fingerprint(sources))) {
            return Optional.empty();
        }
        try {
            return Files.isRegularFile(file())
                            && sha256(file()).equals(kept.get().sha256())
                    ? new PlanFile().read(file())
                    : Optional.empty();
        } catch (IOException e) {
            context.listener().on(new BuildListener.Detail("the plan is recorded anew: " + e));
            return Optional.empty();
        }
    }

    private static String sha256(Path file) throws IOException {
        return Fingerprint.sha256(Files.readString(file));
    }

    /** The plan; recorded where none is kept. */
    Plan plan(Workspace workspace, SourceSnapshot sources) throws InterruptedException {
        Optional<Plan> kept = context.forces(StepName.CROSS_COMPILE) ? Optional.empty() : kept(sources);
        if (kept.isPresent()) {
            return kept.get();
        }
        try {
            Plan plan = new PlanMerger().merge(record(workspace));
            new PlanFile().write(plan, file());
            Steps.write(context, context.ofWorkspace(slot() + PLAN), new Kept(fingerprint(sources), sha256(file())));
            prune(context);
            return plan;
        } catch (IOException e) {
            throw KubeException.build(
                    "the plan could not be recorded", e.toString(), "check the engine and the disk, then run again", e);
        }
    }

    /** What the tree's scripts would have go do, changed where a setting cannot be told them. */
    Recording record(Workspace workspace) throws InterruptedException, IOException {
        Recording recording = new Recorder()
                .record(workspace, request(), line -> context.listener().on(new BuildListener.Output("plan", line)));
        new GoVariables(context.request(), GoScript.of(context.tree())).requireGo(recording);
        return context.request().scripts().binaries().debug() ? Unstripped.of(recording) : recording;
    }

    private Path file() {
        return file(context, slot());
    }

    private static Path file(BuildContext context, String of) {
        return context.state().file(context.ofWorkspace(of + PLAN + COMMANDS));
    }

    /** What the tree's scripts are asked for. */
    RecordRequest request() throws InterruptedException {
        Map<String, String> environment = Workspaces.environment(context);
        if (kind.equals(IMAGES)) {
            return new ImageTargets(context).request();
        }
        if (kind.equals(TARGETS)) {
            List<Platform> platforms = verified.platforms().stream()
                    .flatMap(text -> Platform.parse(text).stream())
                    .toList();
            return RecordRequest.what(verified.targets(), platforms, environment);
        }
        Description description = new Describer(context)
                .kept()
                .orElseThrow(() ->
                        KubeException.user("the description of the tree is gone", "", "run kube:verify-prereqs first"));
        List<RequestedOutput> requested = new ArrayList<>();
        for (TargetGroup group : RELEASED) {
            for (Platform platform : description.platforms(group)) {
                description.targets(group).forEach(target -> requested.add(new RequestedOutput(target, platform)));
            }
        }
        if (requested.isEmpty()) {
            throw KubeException.user(
                    "nothing is to be built: none of " + String.join(", ", verified.platforms())
                            + " is a platform of any target group",
                    "",
                    "name other platforms with -Dkube.platforms");
        }
        return RecordRequest.cross(environment, requested);
    }

    /** Everything that a plan comes from. */
    String fingerprint(SourceSnapshot sources) {
        return fingerprint(sources, Sync.synced(context).dataContainer());
    }

    /**
     * Hash of everything that the plan comes from.
     *
     * @param workspace identity of the one that it was recorded in
     */
    String fingerprint(SourceSnapshot sources, String workspace) {
        List<String> read = sources.entries().values().stream()
                .filter(entry -> READ_BY_SCRIPTS.matcher(entry.path()).matches())
                .map(entry -> String.join(
                        " ",
                        entry.path(),
                        entry.type().name(),
                        Integer.toOctalString(entry.stat().mode()),
                        entry.target(),
                        entry.sha256()))
                .toList();
        Fingerprint.Builder all = Fingerprint.builder();
        if (kind.equals(IMAGES)) {
            // They say which images there are.
            all.add("packaging", ContainerEnvironment.ofPackaging(context.request()));
        }
        return all.add("scripts", read)
                .add("version", verified.version().format())
                .add("build date", verified.epochSeconds())
                .add("cross image", verified.crossImageId())
                .add("targets", kind.equals(RELEASE) ? List.of() : verified.targets())
                .add("platforms", verified.platforms())
                .add(
                        "variables",
                        Workspaces.environment(context).entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList())
                // Changes the recorded commands, whatever the variables are.
                .add("debug", context.request().scripts().binaries().debug())
                // Recording leaves the GOPATH in the workspace that the recorded commands run in; a new workspace has
                // none.
                .add("workspace", workspace)
                .add("plugin", context.request().pluginVersion())
                .build()
                .id();
    }
}
