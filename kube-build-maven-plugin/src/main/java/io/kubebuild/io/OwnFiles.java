package io.kubebuild.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files at places that belong to the user alone: the user's cache, the temporary directory, what a parameter names. Links there are
 * the user's own. What lies in a tree, an output directory or a recording goes through {@link ConfinedDirectory}.
 */
public final class OwnFiles {

    private OwnFiles() {}

    public static Path makeDirectories(Path directory) throws IOException {
        return Files.createDirectories(directory);
    }

    /**
     * A directory of that name for one user alone, at a place where others may make some as well. One that is there already has to be such
     * a one.
     *
     * @param uid number of the user
     * @throws IOException where it is a link, another user's, or open to others
     */
    public static Path privateDirectory(Path directory, int uid) throws IOException {
        try {
            return Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is no directory, or a link to one", e);
            }
            Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (!owner.equals(uid)) {
                throw new IOException("it belongs to user " + owner + ", and not to " + uid, e);
            }
            String mode =
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
            if (!mode.endsWith("------")) {
                throw new IOException("others may use it (" + mode + ")", e);
            }
            return directory;
        }
    }

    /** An empty file of a new name that only its owner may read. */
    public static Path temporary(Path directory, String prefix, String suffix) throws IOException {
        return Files.createTempFile(makeDirectories(directory), prefix, suffix);
    }

    /** The same in the system's directory for such files. */
    public static Path temporary(String prefix, String suffix) throws IOException {
        return Files.createTempFile(prefix, suffix);
    }

    /** A directory of a new name in the system's directory for temporary files; only its owner may enter it. */
    public static Path temporaryDirectory(String prefix) throws IOException {
        return Files.createTempDirectory(prefix);
    }

    /** Writes from the start; what was there is lost. */
    public static OutputStream write(Path file) throws IOException {
        return Files.newOutputStream(file);
    }

    public static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
    }

    public static void write(Path file, InputStream content) throws IOException {
        Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    }

    public static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A copy with the times of the original, where nothing is yet. */
    public static void copyNew(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** A second name of a file that is ours. */
    public static void hardLink(Path original, Path link) throws IOException {
        Files.createLink(link, original);
    }

    public static void modified(Path file, FileTime time) throws IOException {
        Files.setLastModifiedTime(file, time);
    }

    /** A file to lock, made where it is not there. */
    public static FileChannel lockFile(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Renames, in place of what is there; on one file system only. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sets permissions, as {@code ls} shows them: {@code rw-r--r--}. */
    public static void mode(Path file, String mode) throws IOException {
        mode(file, PosixFilePermissions.fromString(mode));
    }

    public static void mode(Path file, Set<PosixFilePermission> mode) throws IOException {
        Files.setPosixFilePermissions(file, mode);
    }
}
