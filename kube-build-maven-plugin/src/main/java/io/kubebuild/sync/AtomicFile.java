package io.kubebuild.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is either as before or whole: written under a temporary name beside it, then renamed. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes to the temporary file; whatever it throws, no half-written file stays. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    /** Makes the directory too, if it is not there. */
    public static void write(Path file, Writer writer) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file name");
        }
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, ".kube-build-", ".tmp");
        try {
            writer.write(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
