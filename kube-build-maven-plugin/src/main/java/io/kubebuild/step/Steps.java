package io.kubebuild.step;

import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.util.Optional;

/** What the steps have in common: their order, and records that they read and write. */
final class Steps {

    /** The reason of a step that the user wants done again. */
    static final String FORCED = "it was asked for (kube.force)";

    private Steps() {}

    static Step of(StepName name) {
        return switch (name) {
            case VERIFY_PREREQS -> new VerifyPrereqs();
            case BUILD_IMAGE -> new BuildImage();
            case SYNC -> new Sync();
            case CROSS_COMPILE -> new CrossCompile();
            case COPY_OUTPUT -> new CopyOutput();
            case PACKAGE_TARBALLS -> new PackageTarballs();
        };
    }

    /**
     * What verify-prereqs fixed for this request, or where it has not been run for it, for the last one. A step is only run where it
     * stands.
     */
    static Verified verified(BuildContext context) {
        return ownVerified(context)
                .orElseGet(() -> read(context, Verified.NAME, Verified.class, StepName.VERIFY_PREREQS));
    }

    /** What verify-prereqs fixed for this very request. */
    static Optional<Verified> ownVerified(BuildContext context) {
        return context.state().read(context.ofRequest(Verified.NAME), Verified.class);
    }

    /** A record of an earlier step, which has to be there. */
    static <T> T read(BuildContext context, String record, Class<T> type, StepName of) {
        Optional<T> found = context.state().read(record, type);
        return found.orElseThrow(() -> KubeException.user(
                "the step " + of.goal() + " has left no record below " + context.output(),
                "",
                "run kube:" + of.goal() + " first, or kube:release, which runs all steps"));
    }

    static void write(BuildContext context, String record, Object content) {
        try {
            context.state().write(record, content);
        } catch (IOException e) {
            throw cannotWrite(context, e);
        }
    }

    /** Takes back a record before the work begins that makes it untrue. */
    static void forget(BuildContext context, String record) {
        try {
            context.state().forget(record);
        } catch (IOException e) {
            throw cannotWrite(context, e);
        }
    }

    static KubeException cannotWrite(BuildContext context, IOException e) {
        return KubeException.build(
                "cannot write below " + context.output(),
                e.toString(),
                "make the directory writable and its disk not full, or name another: -Dkube.outputDirectory=DIRECTORY",
                e);
    }
}
