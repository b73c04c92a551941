package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.RequestFingerprint;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.BuildDate;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.DetectedVersion;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.PlatformCheck;
import io.kubebuild.tree.TargetCheck;
import io.kubebuild.tree.TargetGroup;
import java.util.List;
import java.util.Optional;

/**
 * Finds everything that would stop the build later, all at once, and fixes version and build date ({@code
 * kube::build::verify_prereqs}, build/common.sh).
 */
final class VerifyPrereqs implements Step {

    @Override
    public StepName name() {
        return StepName.VERIFY_PREREQS;
    }

    @Override
    public boolean stands(BuildContext context) throws InterruptedException {
        Optional<Verified> verified = Steps.ownVerified(context)
                .filter(found -> found.request().equals(RequestFingerprint.of(context.request())));
        return verified.isPresent()
                && context.premises().stillHas(verified.get())
                && new Describer(context).stands(verified.get().crossImageId(), TreeVariables.of(context));
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        Findings findings = new Findings();
        VersionAndDate fixed = new VersionAndDate(context);
        Optional<DetectedVersion> version = findings.collect(fixed::version);
        version.ifPresent(found -> context.listener()
                .on(new BuildListener.VersionFound(found.version().version())));
        Optional<BuildDate> date =
                version.isPresent() ? findings.collect(() -> fixed.date(version.get())) : Optional.empty();
        EngineReport report = new EngineReport(context.listener());
        report.warnOfLittleDisk(context.outputDirectory().existing(), "output directory");
        Optional<Premises.Found> found = context.premises().find(findings);
        Optional<Description> description = found.isPresent()
                ? findings.collect(
                        () -> new Describer(context).describe(found.get().toolchainId(), TreeVariables.of(context)))
                : Optional.empty();
        PlatformCheck platforms = platforms(context, found, description);
        BuildRequest.Selection selection = context.request().selection();
        TargetCheck targets = TargetCheck.against(
                RequestCheck.parameterOfTargets(selection), context.tree(), description, selection.targets());
        findings.addAll(platforms.problems());
        findings.addAll(targets.problems());
        findings.addAll(new GoVariables(context.request(), GoScript.of(context.tree())).problems(description));
        if (description.isPresent()) {
            findings.addAll(TreeVariables.unknown(context.request(), description.get()));
            ToolchainCheck toolchain =
                    new ToolchainCheck(GoRequirement.of(context.tree()), description.get(), context.request());
            if (context.premises().hasEngine()) {
                findings.addAll(toolchain.problems());
                toolchain.remarks().forEach(line -> context.listener().on(new BuildListener.Fact("go", line)));
            } else {
                // Whether the SDK will do was found out when it was looked for.
                toolchain.unreachable().ifPresent(findings::add);
            }
            if (selection.targets().isEmpty()) {
                platforms.ignoredBy(description.get()).ifPresent(findings::add);
            }
        } else {
            context.listener()
                    .on(new BuildListener.Fact(
                            "not checked",
                            "only the syntax of platforms and targets: the tree could not be described"));
        }
        if (selection.packaged() && description.isPresent()) {
            findings.collect(() -> new ServerImages(context).requireBases(description.get()));
        }
        findings.throwIfAny();

        Verified verified = new Verified(
                RequestFingerprint.of(context.request()),
                version.orElseThrow().version(),
                version.get().realState() instanceof DetectedVersion.Clean clean ? clean.commit() : "",
                date.orElseThrow().epochSeconds(),
                found.orElseThrow().toolchain(),
                found.get().toolchainId(),
                found.get().id(),
                platforms.platforms().stream().map(Object::toString).toList(),
                targets.targets(),
                selection.packaging() == BuildRequest.Packaging.IMAGES);
        Steps.write(context, context.ofRequest(Verified.NAME), verified);
        Steps.write(context, Verified.NAME, verified);
        new RequestRecords(context).prune();
        fixed.keep(verified.version());
        return new Outcome.Done(
                verified.version().version() + " for " + platformsInWords(verified, description.orElseThrow()));
    }

    private static PlatformCheck platforms(
            BuildContext context, Optional<Premises.Found> found, Optional<Description> description) {
        BuildRequest.Selection selection = context.request().selection();
        // Single targets are built for one platform, as upstream's `make all` does: the one at hand.
        List<String> written = selection.platforms().isEmpty()
                        && !selection.targets().isEmpty()
                        && selection.packaging() != BuildRequest.Packaging.IMAGES
                ? found.map(here -> List.of(here.platform())).orElse(List.of())
                : selection.platforms();
        return description
                .map(described -> PlatformCheck.against(described, written))
                .orElseGet(() -> PlatformCheck.syntax(written));
    }

    private static String platformsInWords(Verified verified, Description description) {
        if (!verified.platforms().isEmpty()) {
            return String.join(", ", verified.platforms());
        }
        return String.join(
                ", ",
                description.platforms(TargetGroup.CLIENT).stream()
                        .map(Object::toString)
                        .toList());
    }
}
