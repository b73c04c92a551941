package io.kubebuild.sync;

import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file on the host that an output may be written to.
 *
 * @param root nothing outside of it is ever written
 * @param path relative to the root, with slashes
 */
record HostFile(Path root, String path) {

    HostFile {
        CopyRequest.requireInside(path);
        root = root.toAbsolutePath().normalize();
    }

    Path file() {
        return RawName.resolve(root, path);
    }

    /** What is there now, links not followed; empty where nothing is. */
    Optional<FileStat> stat() throws IOException {
        try {
            return Optional.of(FileStat.of(file()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Puts a new file in its place by rename, so that hard links to the old one keep the old content.
     *
     * @param mode permission bits
     * @param mtime nanoseconds since 1970
     * @throws KubeException where the way there leads out of the root
     */
    void replace(InputStream content, int mode, long mtime) throws IOException {
        Path file = file();
        requireInsideRoot(file);
        AtomicFile.write(file, draft -> {
            draft.content(content);
            draft.mode(mode);
            draft.modified(mtime);
        });
    }

    /** A directory on the way may be a link; it may not lead out. The root itself may be one: that is the user's own wish. */
    private void requireInsideRoot(Path file) throws IOException {
        OwnFiles.makeDirectories(root);
        Path real = root.toRealPath();
        Path there = file.getParent();
        while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        if (there == null || !there.toRealPath().startsWith(real)) {
            throw KubeException.user(
                    "refused to write " + file,
                    there + " is a link that leads out of " + root,
                    "replace the link by a directory, or set -Dkube.outputDirectory to where outputs shall go");
        }
    }
}
