package io.kubebuild.step;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.WantedImage;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.plan.Plan;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.Staging;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Shows what a release would do. The tree's scripts are recorded for it, in the workspace; nothing that they record is done. */
final class PlanPreview {

    private final BuildContext context;

    /** The sync stands. */
    PlanPreview(BuildContext context) {
        this.context = context;
    }

    /** Tells it line by line, and writes all of it to a file. */
    void show(Path file) throws InterruptedException {
        try {
            Plan plan = plan();
            Staging staging = staging(plan);
            ReleasePlan release =
                    ReleasePlan.of(Steps.verified(context).version().version(), plan, staging);
            release.lines().forEach(line -> context.listener().on(new BuildListener.Printed(line)));
            write(release, file);
            context.listener().on(new BuildListener.Produced("plan", file, Files.size(file)));
        } catch (IOException e) {
            throw KubeException.build(
                    "the plan could not be written to " + file,
                    e.toString(),
                    "make the directory writable, or name another file: -Dkube.plan.file=FILE",
                    e);
        } finally {
            PackageTarballs.dropRecording(context);
        }
    }

    private Plan plan() throws InterruptedException {
        Sync.forgetBare(context);
        Workspaces.putVersionFile(context, workspace());
        return new Planner(context).plan(workspace(), Sync.snapshot(context));
    }

    private Staging staging(Plan plan) throws IOException, InterruptedException {
        return PackageTarballs.record(context, workspace(), plan.outputs());
    }

    private Workspace workspace() {
        return Workspaces.open(context, Sync.synced(context).dataContainer());
    }

    /** What images of the release begin from. */
    List<WantedImage> bases() throws InterruptedException {
        try {
            return new ServerImages(context).bases(staging(plan()));
        } catch (IOException e) {
            throw KubeException.build(
                    "the images of a release could not be found out",
                    e.toString(),
                    "check the engine and the disk of " + context.output() + ", then run again",
                    e);
        } finally {
            PackageTarballs.dropRecording(context);
        }
    }

    private static void write(ReleasePlan plan, Path file) throws IOException {
        JsonMapper json = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
        AtomicFile.write(file, draft -> draft.text(json.writeValueAsString(plan) + "\n"));
    }
}
