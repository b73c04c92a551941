package io.kubebuild.step;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.DescriptionProbe;
import io.kubebuild.workspace.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a tree describe itself in a throwaway place; what it said is kept as long as the files that it
 * read stay the same.
 */
final class Describer {

    /** Of an answer: a description is a few kilobytes. */
    static final int MOST_BYTES = 8 << 20;

    private static final String NAME = "description";

    private final BuildContext context;

    Describer(BuildContext context) {
        this.context = context;
    }

    /** A description as it is kept. */
    record Kept(String fingerprint, Map<String, List<String>> records) {}

    /** The description kept by an earlier step. */
    Optional<Description> kept() {
        return context.state()
                .read(context.ofRequest(NAME), Kept.class)
                .or(() -> context.state().read(NAME, Kept.class))
                .map(kept -> new Description(kept.records()));
    }

    /** Whether the tree, as it is now, has been described for this request. */
    boolean stands(String crossImage, Map<String, String> variables) {
        return kept(context.ofRequest(NAME), fingerprint(probe(variables), crossImage))
                .isPresent();
    }

    private DescriptionProbe probe(Map<String, String> variables) {
        return new DescriptionProbe(context.tree(), variables, context.notSources());
    }

    private static String fingerprint(DescriptionProbe probe, String crossImage) {
        return probe.fingerprint().id() + " " + crossImage;
    }

    private Optional<Kept> kept(String fingerprint) {
        return kept(context.ofRequest(NAME), fingerprint).or(() -> kept(NAME, fingerprint));
    }

    private Optional<Kept> kept(String record, String fingerprint) {
        return context.state().read(record, Kept.class).filter(one -> one.fingerprint()
                .equals(fingerprint));
    }

    /**
     * Describes the tree, or reads what it said before.
     *
     * @param crossImage id of the cross image
     * @param variables upstream's variables that the answer depends on
     */
    Description describe(String crossImage, Map<String, String> variables) throws InterruptedException {
        DescriptionProbe probe = probe(variables);
        String fingerprint = fingerprint(probe, crossImage);
        Optional<Kept> kept = context.forces(StepName.VERIFY_PREREQS) ? Optional.empty() : kept(fingerprint);
        if (kept.isPresent()) {
            if (kept(context.ofRequest(NAME), fingerprint).isEmpty()) {
                Steps.write(context, context.ofRequest(NAME), kept.get());
            }
            return new Description(kept.get().records());
        }
        context.because(
                StepName.VERIFY_PREREQS,
                context.forces(StepName.VERIFY_PREREQS)
                        ? Steps.FORCED
                        : "the tree has not described itself yet as it is now");
        try {
            Description description = Description.parse(context.premises().describe(probe, crossImage));
            Kept made = new Kept(fingerprint, description.records());
            // For the later steps of this request, and for the next one, which may differ in nothing that the tree
            // reads.
            context.state().write(context.ofRequest(NAME), made);
            context.state().write(NAME, made);
            return description;
        } catch (IOException e) {
            throw KubeException.build(
                    "the tree could not be described",
                    e.toString(),
                    "check that the engine and the output directory " + context.output() + " have room, then run again",
                    e);
        }
    }

    /**
     * What to say where the scripts fail.
     *
     * @param bash who must have it
     */
    static KubeException unreadable(int exit, String said, String bash) {
        String lines = LastLines.of(said);
        String what = "the tree's scripts could not be read: bash ended with code " + ExitCode.inWords(exit);
        if (ExitCode.isOfSignal(exit)) {
            // The tree is not to blame, and neither is the user.
            return KubeException.build(what, lines, ExitCode.fix(exit, ""));
        }
        return KubeException.user(
                what,
                lines.isBlank() ? "it printed nothing" : lines,
                (lines.isBlank() ? "" : "see the lines above; ") + "hack/ and build/ of the tree must be complete, and "
                        + bash);
    }
}
