package io.kubebuild.sync;

/**
 * One file, directory or symbolic link of a source snapshot.
 *
 * @param path relative to the tree, with slashes
 * @param type what it is
 * @param stat what the host's file system said; the mode there holds the permission bits
 * @param target where a link points, just as written; else empty
 * @param sha256 hash of a file's content, in hex; else empty
 */
public record SourceEntry(String path, Type type, FileStat stat, String target, String sha256) {

    /** What can be in a snapshot. */
    public enum Type {
        FILE('f'),
        DIRECTORY('d'),
        LINK('l');

        private final char letter;

        Type(char letter) {
            this.letter = letter;
        }

        /** As {@code find -printf %y} has it. */
        char letter() {
            return letter;
        }

        static Type of(char letter) {
            for (Type type : values()) {
                if (type.letter == letter) {
                    return type;
                }
            }
            throw new IllegalArgumentException("no type of file: " + letter);
        }
    }

    /** Whether the other is the same thing with the same content: times do not count. */
    boolean sameAs(SourceEntry other) {
        return type == other.type
                && (type == Type.LINK || stat.permissions() == other.stat.permissions())
                && target.equals(other.target)
                && sha256.equals(other.sha256);
    }
}
