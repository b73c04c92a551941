package io.kubebuild.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A file that is either as before or whole: made new under a random name beside it, then renamed. A link in its place is replaced and
 * never followed. Where others may have laid links on the way to it, {@link ConfinedDirectory#write} is the way.
 */
public final class AtomicFile {

    /** Binaries have a hundred megabytes. */
    private static final int BUFFER = 1 << 18;

    private AtomicFile() {}

    /** Fills the draft; whatever it throws, no half-written file stays. */
    @FunctionalInterface
    public interface Writer {
        void write(Draft draft) throws IOException;
    }

    /** The file while it is written. It is there already, empty, with the permissions that new files get. */
    public static final class Draft {

        private final Path path;

        private Draft(Path path) {
            this.path = path;
        }

        /** Where it lies until it is whole, to be read from. */
        public Path path() {
            return path;
        }

        public OutputStream stream() throws IOException {
            return Files.newOutputStream(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }

        /** For what is not written from front to end. */
        public FileChannel channel() throws IOException {
            return FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }

        /** UTF-8. */
        public void text(String text) throws IOException {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        public void bytes(byte[] bytes) throws IOException {
            try (OutputStream out = stream()) {
                out.write(bytes);
            }
        }

        /** All that is left in a stream, which stays open. */
        public void content(InputStream in) throws IOException {
            try (OutputStream out = stream()) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                }
            }
        }

        /** Sets permission bits; the special ones are left out. */
        public void mode(int mode) throws IOException {
            FileModes.set(path, mode & 0777);
        }

        /** Sets when it was modified, in nanoseconds since 1970. */
        public void modified(long nanoseconds) throws IOException {
            Files.setLastModifiedTime(path, FileTime.from(nanoseconds, TimeUnit.NANOSECONDS));
        }
    }

    /** Makes the directory too, if it is not there. */
    public static void write(Path file, Writer writer) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new IOException(file + " is not the name of a file");
        }
        Files.createDirectories(directory);
        Path temporary = directory.resolve(".kube-build-" + UUID.randomUUID() + ".tmp");
        Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .close();
        try {
            writer.write(new Draft(temporary));
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
