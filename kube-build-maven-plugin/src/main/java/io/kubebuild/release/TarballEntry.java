package io.kubebuild.release;

/**
 * One entry of a tarball, as the tree's packaging would have given it to tar.
 *
 * @param path relative, with {@code /}, without one at the end
 * @param type what it is
 * @param mode permission bits
 * @param link target of a symbolic link, or path of the earlier entry that a hard link repeats; else empty
 */
public record TarballEntry(String path, Type type, int mode, String link) {

    /** Kinds of entries; a release knows no others. */
    public enum Type {
        DIRECTORY,
        FILE,
        SYMBOLIC_LINK,
        HARD_LINK
    }

    public TarballEntry {
        if (path.isEmpty() || path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("no entry path: '" + path + "'");
        }
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException("no mode: " + Integer.toOctalString(mode) + " of " + path);
        }
    }

    public static TarballEntry directory(String path, int mode) {
        return new TarballEntry(path, Type.DIRECTORY, mode, "");
    }

    public static TarballEntry file(String path, int mode) {
        return new TarballEntry(path, Type.FILE, mode, "");
    }

    public static TarballEntry symbolicLink(String path, int mode, String target) {
        return new TarballEntry(path, Type.SYMBOLIC_LINK, mode, target);
    }

    public static TarballEntry hardLink(String path, int mode, String earlier) {
        return new TarballEntry(path, Type.HARD_LINK, mode, earlier);
    }
}
