package io.kubebuild.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A log that grows, of which each byte is read once. */
final class LogTail implements AutoCloseable {

    private final InputStream in;
    private final StringBuilder text = new StringBuilder();

    LogTail(Path log) {
        try {
            in = Files.newInputStream(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what is new; false where nothing is. */
    boolean grew() {
        try {
            byte[] fresh = in.readAllBytes();
            text.append(new String(fresh, StandardCharsets.UTF_8));
            return fresh.length > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that has been read. */
    String text() {
        return text.toString();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
