package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.release.ReleaseArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A release under second names, as long as the process that built it lives. Maven installs and deploys the files of a project long after
 * they were made, and another build of the same tree may replace them in the release directories by then. Hard links: no file is copied.
 */
final class KeptRelease {

    private static final String DIRECTORY = "release";
    private static final String HOLDER = "holder";

    private final BuildContext context;

    /**
     * Who may still use a release.
     *
     * @param process its id
     * @param started when, in milliseconds since 1970: ids are given again; 0 where the system does not tell
     */
    record Holder(long process, long started) {
        static Holder me() {
            return of(ProcessHandle.current());
        }

        private static Holder of(ProcessHandle process) {
            return new Holder(
                    process.pid(),
                    process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
        }

        boolean lives() {
            return ProcessHandle.of(process)
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> of(found).started() == started)
                    .isPresent();
        }
    }

    KeptRelease(BuildContext context) {
        this.context = context;
    }

    /** Whether a request's directory has one. */
    static boolean isIn(Path request) {
        return Files.isDirectory(request.resolve(DIRECTORY), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Keeps these for this process, and nothing of processes that are gone.
     *
     * @return them under their second names, or as they are where the file system has no hard links
     */
    List<ReleaseArtifact> keep(List<ReleaseArtifact> artifacts) {
        List<String> standing = standing();
        dropAll();
        List<ReleaseArtifact> kept = link(artifacts);
        renew(standing);
        return kept;
    }

    /** Keeps nothing of processes that are gone. */
    void dropAbandoned() {
        List<String> standing = standing();
        dropAll();
        renew(standing);
    }

    private List<ReleaseArtifact> link(List<ReleaseArtifact> artifacts) {
        Path directory = context.state().file(context.ofRequest(DIRECTORY));
        try {
            Steps.write(context, context.ofRequest(HOLDER), Holder.me());
            List<ReleaseArtifact> kept = new ArrayList<>();
            Set<Path> names = new HashSet<>();
            for (ReleaseArtifact artifact : artifacts) {
                Path name = context.state()
                        .file(context.ofRequest(DIRECTORY) + "/"
                                + context.output().relativize(artifact.file()));
                link(name, artifact.file());
                names.add(name);
                kept.add(new ReleaseArtifact(name, artifact.classifier(), artifact.type()));
            }
            dropOthers(directory, names);
            return kept;
        } catch (UnsupportedOperationException | IOException e) {
            context.listener()
                    .on(new BuildListener.Detail("the release has no second names, so that another build of this tree"
                            + " replaces what Maven has of it: " + e));
            OutputDirectory.delete(directory);
            return artifacts;
        }
    }

    private static void link(Path name, Path file) throws IOException {
        if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isSymbolicLink(name) && Files.isSameFile(name, file)) {
                return;
            }
            Files.delete(name);
        }
        OwnFiles.makeDirectories(Objects.requireNonNull(name.getParent()));
        OwnFiles.hardLink(file, name);
    }

    private static void dropOthers(Path directory, Set<Path> names) throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.walk(directory)) {
            others = files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !names.contains(file))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }

    private void dropAll() {
        for (Path request : new RequestRecords(context).all()) {
            String name = RequestRecords.DIRECTORY + "/" + request.getFileName() + "/";
            if (isIn(request) && !holder(name).filter(Holder::lives).isPresent()) {
                OutputDirectory.delete(context.state().file(name + DIRECTORY));
            }
        }
    }

    private Optional<Holder> holder(String request) {
        return context.state().read(request + HOLDER, Holder.class);
    }

    /** Records of releases that nobody has touched. */
    private List<String> standing() {
        return PackageTarballs.RECORDS.keySet().stream()
                .filter(name -> PackageTarballs.packaged(context, name)
                        .filter(record -> record.files().equals(PackageTarballs.files(context, name)))
                        .isPresent())
                .toList();
    }

    /** A link that comes or goes moves the time of a file's last status change, which those records have. */
    private void renew(List<String> records) {
        for (String name : records) {
            PackageTarballs.packaged(context, name).ifPresent(record -> {
                String files = PackageTarballs.files(context, name);
                if (!files.equals(record.files())) {
                    Steps.write(context, name, new PackageTarballs.Packaged(record.inputs(), files, record.parts()));
                }
            });
        }
    }
}
