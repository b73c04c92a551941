package io.kubebuild.release;

import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.io.FileModes;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a recorded stage real: binaries and images take the place of their placeholders, tarballs are written, and the three
 * release directories are put where upstream leaves them, each replaced as a whole.
 */
public final class StageMaterializer {

    private final Path outputDirectory;
    private final TarballWriter writer;
    private final SourceMaker source;
    private final StagedImages images;
    private final EarlierRelease earlier;
    private final ContentHashes contents;
    private final BuildListener listener;

    /**
     * A materializer for one output directory.
     *
     * @param outputDirectory holds {@code dockerized/bin}, and takes the release directories
     * @param source writes the source tarball
     * @param earlier tarballs that need not be written again
     * @param contents hashes of what goes into tarballs
     */
    public StageMaterializer(
            Path outputDirectory,
            TarballWriter writer,
            SourceMaker source,
            ImageArchiveMaker images,
            EarlierRelease earlier,
            ContentHashes contents,
            BuildListener listener) {
        this.outputDirectory = outputDirectory;
        this.writer = writer;
        this.source = source;
        this.images = new StagedImages(outputDirectory, images);
        this.earlier = earlier;
        this.contents = contents;
        this.listener = listener;
    }

    /** Writes the source tarball to a file that does not exist yet. */
    @FunctionalInterface
    public interface SourceMaker {
        void make(Path target) throws IOException, InterruptedException;
    }

    /**
     * Makes everything, then puts it in place; the recording is used up. After a failure the release directories are as they were.
     *
     * @throws KubeException where binaries are missing
     */
    public ReleaseArtifacts materialize(Staging recorded) throws IOException, InterruptedException {
        try {
            images.requireBinaries(recorded);
            Staging staging = new BinaryChecksums(images::file).filledIn(recorded);
            placeBinaries(staging);
            images.make(staging);
            makeTarballs(staging);
            for (String root : Staging.ROOTS) {
                replace(staging.directory().resolve(root), outputDirectory.resolve(root));
            }
        } finally {
            DirectoryRemoval.remove(recorded.directory());
        }
        ReleaseArtifacts artifacts = ReleaseArtifacts.in(outputDirectory);
        for (ReleaseArtifact artifact : artifacts.all()) {
            listener.on(new BuildListener.Produced(artifact.kind(), artifact.file(), Files.size(artifact.file())));
        }
        return artifacts;
    }

    private void placeBinaries(Staging staging) throws IOException {
        for (Map.Entry<String, Staging.PlacedPlaceholder> entry :
                staging.placeholders().entrySet()) {
            if (entry.getValue().placeholder() instanceof Placeholder.Binary binary) {
                place(
                        images.file(binary),
                        RawName.resolve(staging.directory(), entry.getKey()),
                        entry.getValue().mode());
            }
        }
    }

    private void makeTarballs(Staging staging) throws IOException, InterruptedException {
        Map<String, StagedTarball> left = new HashMap<>();
        staging.tarballs().forEach(tarball -> left.put(tarball.name(), tarball));
        Path tars = new ConfinedDirectory(staging.directory()).directory("release-tars");
        for (String name : TarballOrder.of(staging)) {
            Path target = tars.resolve(name);
            StagedTarball tarball = left.get(name);
            if (tarball == null) {
                source.make(target);
            } else {
                Path directory = new ConfinedDirectory(staging.directory()).directory(tarball.directory());
                boolean made = earlier.takeOrMake(
                        "tarball " + name,
                        inputs(tarball, directory),
                        target,
                        () -> writer.write(target, tarball.entries(), directory));
                listener.on(new BuildListener.Detail(name + (made ? " written" : " is as in the last release")));
            }
            for (Map.Entry<String, Staging.PlacedPlaceholder> entry :
                    staging.placeholders().entrySet()) {
                Path copy = RawName.resolve(staging.directory(), entry.getKey());
                if (entry.getValue().placeholder().equals(new Placeholder.Tarball(name)) && !copy.equals(target)) {
                    place(target, copy, entry.getValue().mode());
                }
            }
        }
    }

    private String inputs(StagedTarball tarball, Path directory) throws IOException {
        ConfinedDirectory stage = new ConfinedDirectory(directory);
        List<String> lines = new ArrayList<>(List.of(writer.format()));
        for (TarballEntry entry : tarball.entries()) {
            boolean file = entry.type() == TarballEntry.Type.FILE;
            lines.add(entry + (file ? " " + contents.of(stage.resolve(entry.path())) : ""));
        }
        return Fingerprint.sha256(String.join("\0", lines));
    }

    /** Links where that gives the right mode; a mode is never set on a link, because it would change the other name's. */
    static void place(Path original, Path target, int mode) throws IOException {
        if (FileModes.get(original) == mode) {
            try {
                OwnFiles.hardLink(original, target);
                return;
            } catch (IOException | UnsupportedOperationException e) {
                // Another file system, or one without links, or one with all that it can have: the copy below.
                Files.deleteIfExists(target);
            }
        }
        OwnFiles.copyNew(original, target);
        FileModes.set(target, mode);
    }

    static void replace(Path made, Path target) throws IOException {
        Path old = target.resolveSibling("." + target.getFileName() + ".old");
        DirectoryRemoval.remove(old);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            OwnFiles.rename(target, old);
        }
        if (Files.exists(made, LinkOption.NOFOLLOW_LINKS)) {
            OwnFiles.rename(made, target);
        }
        DirectoryRemoval.remove(old);
    }
}
