package io.kubebuild.step;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.DescriptionProbe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Has a tree describe itself in a throwaway container of the cross image; what it said is kept as long as the files that it
 * read stay the same.
 */
final class Describer {

    private static final String NAME = "description";
    private static final String SCRIPT = "kube-describe.sh";
    private static final String ANSWER = "/kube-description";
    private static final int LINES_SHOWN = 40;

    private final BuildContext context;

    Describer(BuildContext context) {
        this.context = context;
    }

    /** A description as it is kept. */
    record Kept(String fingerprint, Map<String, List<String>> records) {}

    /** The description kept by an earlier step. */
    Optional<Description> kept() {
        return context.state().read(NAME, Kept.class).map(kept -> new Description(kept.records()));
    }

    /** Whether the tree, as it is now, has been described under these variables. */
    boolean stands(String crossImage, Map<String, String> variables) {
        return kept(fingerprint(probe(variables), crossImage)).isPresent();
    }

    private DescriptionProbe probe(Map<String, String> variables) {
        return new DescriptionProbe(context.tree(), variables, context.notSources());
    }

    private static String fingerprint(DescriptionProbe probe, String crossImage) {
        return probe.fingerprint().id() + " " + crossImage;
    }

    private Optional<Kept> kept(String fingerprint) {
        return context.state().read(NAME, Kept.class).filter(one -> one.fingerprint()
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
            return new Description(kept.get().records());
        }
        context.because(
                StepName.VERIFY_PREREQS,
                context.forces(StepName.VERIFY_PREREQS)
                        ? Steps.FORCED
                        : "the tree has not described itself yet as it is now");
        try {
            Description description = ask(probe, crossImage);
            context.state().write(NAME, new Kept(fingerprint, description.records()));
            return description;
        } catch (IOException e) {
            throw KubeException.build(
                    "the tree could not be described",
                    e.toString(),
                    "check that the engine and the output directory " + context.output() + " have room, then run again",
                    e);
        }
    }

    private Description ask(DescriptionProbe probe, String crossImage) throws IOException, InterruptedException {
        Engine engine = context.engine();
        String name = context.names().buildContainer() + "-describe";
        engine.remove(name);
        ContainerSpec spec = ContainerSpec.of(
                        name, crossImage, probe.command("/" + SCRIPT, DescriptionProbe.CONTAINER_ROOT, ANSWER))
                .withUser("0:0")
                .withEnvironment(probe.variables())
                .withLabels(Labels.of(context))
                .withNetworkMode("none");
        String container = engine.create(spec);
        try {
            engine.copyInto(container, "/", out -> write(probe, out));
            engine.start(container);
            int exit = engine.await(container);
            if (exit != 0) {
                throw KubeException.user(
                        "the tree's scripts could not be read: bash ended with code " + exit,
                        engine.logs(container, LINES_SHOWN),
                        "see the lines above; hack/ and build/ of the tree must be complete, and the cross image must have"
                                + " bash");
            }
            try (InputStream answer = engine.copyOutOf(container, ANSWER);
                    TarArchiveInputStream tar = new TarArchiveInputStream(answer)) {
                if (tar.getNextEntry() == null) {
                    throw new IOException("the container gave no answer");
                }
                return Description.parse(tar.readAllBytes());
            }
        } finally {
            engine.remove(container);
        }
    }

    private void write(DescriptionProbe probe, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        file(tar, SCRIPT, 0755, probe.script().getBytes(StandardCharsets.UTF_8));
        String root = DescriptionProbe.CONTAINER_ROOT.substring(1) + "/";
        for (String name : probe.files()) {
            Path file = context.tree().resolve(name);
            if (Files.isSymbolicLink(file)) {
                TarArchiveEntry link = new TarArchiveEntry(root + name, TarConstants.LF_SYMLINK);
                link.setLinkName(Files.readSymbolicLink(file).toString());
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            } else {
                file(tar, root + name, Files.isExecutable(file) ? 0755 : 0644, Files.readAllBytes(file));
            }
        }
        tar.finish();
        tar.flush();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
