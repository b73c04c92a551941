package io.kubebuild.release;

import io.kubebuild.io.FileModes;
import io.kubebuild.io.RawName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** SHA-256 of files, each read once however many names it has. For one packaging, during which files do not change. */
public final class ContentHashes {

    private static final int BUFFER = 1 << 18;

    private final Map<Object, String> byFile = new HashMap<>();

    /** Hash of a regular file, in hex. */
    public String of(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        // An inode may be given to another file once its own is gone.
        List<Object> key = List.of(
                Objects.requireNonNullElse(attributes.fileKey(), file),
                attributes.size(),
                attributes.lastModifiedTime());
        String known = byFile.get(key);
        if (known == null) {
            known = hash(file);
            byFile.put(key, known);
        }
        return known;
    }

    /** Everything below a directory, a line for each: path, mode, and content or what a link points to. */
    public List<String> below(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().map(file -> line(directory, file)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private String line(Path directory, Path file) {
        try {
            String content = Files.isSymbolicLink(file)
                    ? "-> " + RawName.key(Files.readSymbolicLink(file))
                    : Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? of(file) : "directory";
            return RawName.key(directory.relativize(file)) + " " + FileModes.get(file) + " " + content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
