package io.kubebuild.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Permission bits of files, the special ones included, as numbers; both supported hosts have the attribute. */
public final class FileModes {

    private FileModes() {}

    public static int get(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    public static void set(Path file, int mode) throws IOException {
        Files.setAttribute(file, "unix:mode", mode);
    }
}
