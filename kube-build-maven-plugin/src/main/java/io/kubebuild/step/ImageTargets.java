package io.kubebuild.step;

import io.kubebuild.plan.RecordRequest;
import io.kubebuild.plan.RequestedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ImagesScript;
import io.kubebuild.request.StepName;
import io.kubebuild.workspace.Workspace;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is compiled for the images of a release: what the tree's {@code build/release-images.sh} compiles, and the targets that the user
 * wants with it (KUBE_EXTRA_WHAT, which scripts up to v1.20 do not know). The sync stands.
 */
final class ImageTargets {

    private static final String RECORD = "images-asked";

    private final BuildContext context;

    /**
     * What the script said.
     *
     * @param fingerprint of everything that it said it for
     */
    record Kept(String fingerprint, ImagesScript.Asked asked) {}

    ImageTargets(BuildContext context) {
        this.context = context;
    }

    /**
     * Whether only images are wanted and the last compile of a release made all that they need: then it is used as it is, and a release
     * after them finds its own work standing.
     */
    boolean standInRelease() throws InterruptedException {
        if (!Steps.verified(context).imagesOnly()) {
            return false;
        }
        List<RequestedOutput> wanted = request().requested();
        context.useReleaseCompile(true);
        boolean stands = CrossCompile.standsWith(context, wanted);
        context.useReleaseCompile(stands);
        return stands;
    }

    /** What the tree's scripts are asked for. */
    RecordRequest request() throws InterruptedException {
        ImagesScript.Asked asked = asked();
        List<String> extra = Steps.verified(context).targets();
        if (asked.platforms().isEmpty()) {
            throw KubeException.user(
                    "no image is to be built: none of "
                            + String.join(", ", Steps.verified(context).platforms())
                            + " is a platform of servers",
                    "",
                    "name a platform of Linux: -Dkube.platforms=linux/amd64");
        }
        Set<String> targets = new LinkedHashSet<>(asked.targets());
        targets.addAll(extra);
        Map<String, String> environment = new TreeMap<>(Workspaces.environment(context));
        environment.putAll(asked.variables());
        return RecordRequest.what(List.copyOf(targets), asked.platforms(), environment);
    }

    private ImagesScript.Asked asked() throws InterruptedException {
        String fingerprint = Planner.ofImages(context).fingerprint(Sync.snapshot(context));
        Optional<Kept> kept = context.forces(StepName.CROSS_COMPILE)
                ? Optional.empty()
                : context.state().read(RECORD, Kept.class).filter(one -> one.fingerprint()
                        .equals(fingerprint));
        if (kept.isPresent()) {
            return kept.get().asked();
        }
        Workspace workspace = Workspaces.open(context, Sync.synced(context).dataContainer());
        Workspaces.putVersionFile(context, workspace);
        ImagesScript.Asked asked =
                ImagesScript.ask(workspace, context.tree().buildDirectory(), PackageTarballs.environment(context));
        Steps.write(context, RECORD, new Kept(fingerprint, asked));
        return asked;
    }
}
