package io.kubebuild.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What one look at a file tells without reading it. Two equal stats with a ctime mean the same content, unless the file changed
 * within one tick of the clock.
 *
 * @param mode type and permission bits, as in {@code st_mode}
 * @param size bytes
 * @param mtime last modification, in nanoseconds since 1970
 * @param ctime last change of content or attributes, in nanoseconds since 1970; {@link #NO_CTIME} where the file system tells none
 * @param inode the file's number on its file system
 */
public record FileStat(int mode, long size, long mtime, long ctime, long inode) {

    /** Stands for a ctime that nobody knows; content then has to be read. */
    static final long NO_CTIME = -1;

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;

    /** Looks once; links are not followed. */
    static FileStat of(Path file) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(file, "unix:mode,size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
        return new FileStat(
                number(all, "mode").intValue(),
                number(all, "size").longValue(),
                time(all.get("lastModifiedTime")),
                time(all.get("ctime")),
                number(all, "ino").longValue());
    }

    private static Number number(Map<String, Object> all, String name) throws IOException {
        if (all.get(name) instanceof Number number) {
            return number;
        }
        throw new IOException("the file system does not tell the " + name + " of files");
    }

    private static long time(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : NO_CTIME;
    }

    int permissions() {
        return mode & 07777;
    }

    boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /** Whether nothing at all can have happened to the file between two looks, the clock's tick aside. */
    boolean provesSame(FileStat other) {
        return ctime != NO_CTIME && equals(other);
    }
}
