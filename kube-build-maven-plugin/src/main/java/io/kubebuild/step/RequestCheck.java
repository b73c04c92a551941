package io.kubebuild.step;

import io.kubebuild.problem.Problem;
import io.kubebuild.release.ImagesScript;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.PlatformCheck;
import io.kubebuild.tree.TargetCheck;
import io.kubebuild.tree.TreeRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the files of a tree tell about a request, before its scripts run: before an engine is asked, and before anything is written.
 * What only the scripts know, {@link VerifyPrereqs} finds.
 */
final class RequestCheck {

    private RequestCheck() {}

    /** Throws everything that is wrong. */
    static void require(BuildContext context) throws InterruptedException {
        Findings findings = new Findings();
        refuseUnwritable(context, findings);
        refuseForeignLineEnds(context, findings);
        refuseWithoutImagesScript(context, findings);
        BuildRequest request = context.request();
        BuildRequest.Selection selection = request.selection();
        GoScript script = GoScript.of(context.tree());
        findings.addAll(PlatformCheck.against(script, selection.platforms()).problems());
        findings.addAll(TargetCheck.against(parameterOfTargets(selection), context.tree(), script, selection.targets())
                .problems());
        findings.addAll(new GoVariables(request, script).problems(Optional.empty()));
        findings.addAll(TreeVariables.unread(request, context.tree()));
        refuseWithoutLibrary(request.cache(), findings);
        if (!findings.isEmpty()) {
            // It takes several runs of git, and needs no engine: whoever has to correct something learns of it now.
            findings.collect(new VersionAndDate(context)::version);
        }
        findings.throwIfAny();
    }

    /** What a build of an hour would need at its end is looked at before it. */
    private static void refuseWithoutLibrary(BuildRequest.CacheSettings cache, Findings findings) {
        if (cache.exportTo().isPresent()) {
            CacheTrouble.missingLibrary("kube.cache.export").ifPresent(findings::add);
        } else if (cache.importFrom().isPresent()) {
            CacheTrouble.missingLibrary("kube.cache.import").ifPresent(findings::add);
        }
    }

    /** The parameter that targets were given by. */
    static String parameterOfTargets(BuildRequest.Selection selection) {
        return selection.packaging() == BuildRequest.Packaging.IMAGES ? "kube.extraWhat" : "what";
    }

    private static void refuseUnwritable(BuildContext context, Findings findings) {
        Path there = context.outputDirectory().existing();
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            findings.add(new Problem(
                    "cannot write to the output directory " + context.output(),
                    there + (Files.isDirectory(there) ? " may not be written by this user" : " is no directory"),
                    "make it writable, or name another: -Dkube.outputDirectory=DIRECTORY"));
        }
    }

    /** As git makes them for a checkout with {@code core.autocrlf}: bash takes each line's last character for a part of it. */
    private static void refuseForeignLineEnds(BuildContext context, Findings findings) {
        TreeRoot tree = context.tree();
        List<String> scripts =
                List.of(tree.buildDirectory() + "/common.sh", "hack/lib/golang.sh", "hack/lib/version.sh");
        List<String> foreign = scripts.stream()
                .filter(script ->
                        tree.text(script).filter(text -> text.contains("\r\n")).isPresent())
                .toList();
        if (!foreign.isEmpty()) {
            findings.add(new Problem(
                    "the tree " + tree.path() + " has scripts that bash cannot run: " + String.join(", ", foreign),
                    "their lines end with CR and LF, as git writes them where core.autocrlf is true",
                    "check the tree out without that: git config core.autocrlf false, then, with your changes committed,"
                            + " git rm -rq --cached . and git reset -q --hard"));
        }
    }

    private static void refuseWithoutImagesScript(BuildContext context, Findings findings) {
        String script = context.tree().buildDirectory() + "/" + ImagesScript.NAME;
        if (context.request().selection().packaging() == BuildRequest.Packaging.IMAGES
                && !Files.isRegularFile(context.tree().resolve(script))) {
            findings.add(new Problem(
                    "kube:release-images needs " + script + ", and this tree has none",
                    "make release-images came with Kubernetes v1.12",
                    "run kube:release, which makes the images together with everything else"));
        }
    }
}
