package io.kubebuild.io;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names of files as UTF-8, whatever locale the JVM was started in. Under LANG=C, which is what CI has, {@link Path#toString}
 * loses every letter that is not ASCII, and {@link Path#resolve(String)} refuses it; a path's URI keeps the bytes.
 */
public final class RawName {

    private RawName() {}

    /** The last name of an absolute path; empty where its bytes are no UTF-8. */
    public static Optional<String> of(Path path) {
        String shown = String.valueOf(path.getFileName());
        if (ascii(shown)) {
            return Optional.of(shown);
        }
        String raw = path.toUri().getRawPath();
        String trimmed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return decode(trimmed.substring(trimmed.lastIndexOf('/') + 1));
    }

    /** A link's target, just as it is written in the link; empty where its bytes are no UTF-8. */
    public static Optional<String> ofTarget(Path target) {
        String shown = target.toString();
        if (ascii(shown)) {
            return Optional.of(shown);
        }
        String uri = target.toUri().getRawPath();
        // A URI of a directory gets a slash that the link does not have.
        String raw = uri.endsWith("/") && !shown.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        if (target.isAbsolute()) {
            return decode(raw);
        }
        String here = Path.of("").toUri().getRawPath();
        return decode(raw.substring(here.length()));
    }

    /** The file at a relative path with slashes below a root. */
    public static Path resolve(Path root, String relative) {
        if (ascii(relative)) {
            return root.resolve(relative);
        }
        String base = root.toUri().getRawPath();
        StringBuilder raw = new StringBuilder(base.endsWith("/") ? base : base + "/");
        for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/._-".indexOf(c) >= 0);
            raw.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return Path.of(URI.create("file://" + raw));
    }

    /** A path as it is to be written into a link, relative or absolute: {@link Path#of} refuses what is not ASCII. */
    public static Path target(String text) {
        if (ascii(text)) {
            return Path.of(text);
        }
        Path absolute = resolve(Path.of("/"), text);
        return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /** A text that no other path has, whatever bytes are in its names; the plain path where it is ASCII. */
    public static String key(Path path) {
        String shown = path.toString();
        return ascii(shown) ? shown : path.toUri().getRawPath();
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c > 0 && c < 0x80);
    }

    private static Optional<String> decode(String percentEncoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < percentEncoded.length(); i++) {
            char c = percentEncoded.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(percentEncoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
