package io.kubebuild.release;

import io.kubebuild.io.FileModes;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Git;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packs the tree's sources as its {@code kube::release::package_src_tarball} does: a clean tree by {@code git archive}, any other
 * one as its files are.
 */
public final class SourceTarball implements StageMaterializer.SourceMaker {

    private final Path tree;
    private final Git git;
    private final SourcePackaging packaging;
    private final boolean clean;
    private final List<Path> leftOut;
    private final TarballWriter writer;

    /**
     * A source tarball.
     *
     * @param tree the tree on the host
     * @param git of the tree
     * @param clean whether git finds nothing changed, whatever state the build was told to claim; project files do not count
     * @param leftOut files and directories that are not part of Kubernetes: the output directory, the Maven project's own
     *     files; absolute, or relative to the tree
     */
    public SourceTarball(
            Path tree, Git git, SourcePackaging packaging, boolean clean, List<Path> leftOut, TarballWriter writer) {
        this.tree = tree;
        this.git = git;
        this.packaging = packaging;
        this.clean = clean;
        this.leftOut =
                leftOut.stream().map(path -> tree.resolve(path).normalize()).toList();
        this.writer = writer;
    }

    @Override
    public void make(Path target) throws IOException, InterruptedException {
        if (clean && packaging.archivesCleanTrees()) {
            // All of it before the rename, so that half an archive never gets its name.
            writer.compress(target, out -> git.archive("HEAD", packaging.archivePrefix(), out));
        } else {
            writer.write(target, this::addTopLevel);
        }
    }

    private void addTopLevel(TarballWriter.Sink tar) throws IOException {
        for (Path file : children(tree)) {
            String name = name(file);
            if (packaging.leftOut().stream().noneMatch(name::startsWith)) {
                add(tar, file, packaging.prefix() + name);
            }
        }
    }

    private void add(TarballWriter.Sink tar, Path file, String path) throws IOException {
        if (leftOut.contains(file.normalize())) {
            return;
        }
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        TarballWriter.Owner owner = ownerOf(file, attributes);
        int mode = FileModes.get(file);
        if (attributes.isDirectory()) {
            tar.add(new TarballWriter.Member(TarballEntry.directory(path, mode), file, owner));
            for (Path child : children(file)) {
                add(tar, child, path + "/" + name(child));
            }
        } else if (attributes.isSymbolicLink()) {
            Path link = Files.readSymbolicLink(file);
            String target = RawName.ofTarget(link).orElseThrow(() -> notUtf8(file));
            tar.add(new TarballWriter.Member(TarballEntry.symbolicLink(path, mode, target), file, owner));
        } else if (attributes.isRegularFile()) {
            tar.add(new TarballWriter.Member(TarballEntry.file(path, mode), file, owner));
        }
    }

    /** As tar writes it where nobody names an owner: the ids, and their names where they have any. */
    private static TarballWriter.Owner ownerOf(Path file, PosixFileAttributes attributes) throws IOException {
        int uid = (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int gid = (Integer) Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        String user = attributes.owner().getName();
        String group = attributes.group().getName();
        return new TarballWriter.Owner(
                uid,
                gid,
                user.equals(Integer.toString(uid)) ? "" : user,
                group.equals(Integer.toString(gid)) ? "" : group);
    }

    private static String name(Path file) {
        return RawName.of(file).orElseThrow(() -> notUtf8(file));
    }

    private static KubeException notUtf8(Path file) {
        return KubeException.user(
                "the name of " + file + ", or what it links to, is no UTF-8",
                "names in archives are UTF-8",
                "rename the file, or move it out of the tree");
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        children.sort(Comparator.comparing(SourceTarball::name));
        return children;
    }
}
