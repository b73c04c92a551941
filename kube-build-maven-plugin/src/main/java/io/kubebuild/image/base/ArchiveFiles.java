package io.kubebuild.image.base;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.Packing;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The files in an image archive by their names, in any order. */
final class ArchiveFiles implements Closeable {

    /** A configuration is some kB; far more than that is no configuration. */
    private static final long MOST_JSON_BYTES = 16L << 20;

    /** Of all together: a hundred images with nine platforms each have 10 MB. */
    private static final long MOST_JSON_BYTES_IN_ALL = 128L << 20;

    private static final int MOST_LINKS = 10;
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private final TarFile tar;
    private final Optional<Path> temporary;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();
    private long json;

    private ArchiveFiles(TarFile tar, Optional<Path> temporary) {
        this.tar = tar;
        this.temporary = temporary;
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(normalised(entry.getName()), entry);
        }
    }

    /** Opens a file; what is compressed is unpacked beside the store for as long as it is open. */
    static ArchiveFiles open(Path file, BaseImageStore store) throws IOException {
        if (!Packing.of(file).isCompressed()) {
            return new ArchiveFiles(checked(file), Optional.empty());
        }
        Path plain = store.temporaryFile(".unpacked.tar");
        boolean whole = false;
        try (InputStream in = Packing.unpacked(Files.newInputStream(file), ArchiveLimits.IMAGE)) {
            OwnFiles.write(plain, in);
            ArchiveFiles files = new ArchiveFiles(checked(plain), Optional.of(plain));
            whole = true;
            return files;
        } finally {
            if (!whole) {
                Files.deleteIfExists(plain);
            }
        }
    }

    /** The library reads all headers at once, so they are looked at first. */
    private static TarFile checked(Path file) throws IOException {
        try (ForeignTar headers = new ForeignTar(Files.newInputStream(file), ArchiveLimits.IMAGE)) {
            headers.readHeaders();
        }
        return new TarFile(file);
    }

    boolean has(String name) {
        return entries.containsKey(normalised(name));
    }

    /** A file that is JSON, which is small. */
    String text(String name) throws IOException {
        TarArchiveEntry entry = entry(name);
        json += entry.getSize();
        if (entry.getSize() > MOST_JSON_BYTES || json > MOST_JSON_BYTES_IN_ALL) {
            throw new IOException(name + " has " + entry.getSize() + " bytes, too many for JSON");
        }
        try (InputStream in = tar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A file that is JSON, if it is there and has that digest; the index of an OCI layout may have one as well. */
    Optional<String> blob(String digest) throws IOException {
        if (!DIGEST.matcher(digest).matches()) {
            return Optional.empty();
        }
        for (String name : new String[] {blobName(digest), ImageArchive.INDEX}) {
            if (has(name)) {
                String text = text(name);
                if (digest.equals("sha256:" + Fingerprint.sha256(text))) {
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }

    /** Where the file of a digest lies. */
    static String blobName(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    /** A file of any size. */
    InputStream stream(String name) throws IOException {
        return tar.getInputStream(entry(name));
    }

    /** Follows the links that the engine writes for layers that it has written already. */
    private TarArchiveEntry entry(String name) throws IOException {
        String at = normalised(name);
        for (int i = 0; i < MOST_LINKS; i++) {
            TarArchiveEntry entry = entries.get(at);
            if (entry == null) {
                throw new IOException("no image archive, or one that is cut short: it lacks " + at);
            }
            if (entry.isSymbolicLink()) {
                at = beside(at, entry.getLinkName());
            } else if (entry.isLink()) {
                at = normalised(entry.getLinkName());
            } else {
                return entry;
            }
        }
        throw new IOException("links go round in a circle at " + name);
    }

    /** Not by the JDK's paths: they refuse names that the locale of the JVM does not have. */
    private static String beside(String at, String target) {
        Deque<String> parts = new ArrayDeque<>();
        String directory = target.startsWith("/") ? "" : at.substring(0, Math.max(0, at.lastIndexOf('/')));
        for (String part : (directory + "/" + target).split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static String normalised(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        return path.startsWith("/") ? path.substring(1) : path;
    }

    @Override
    public void close() throws IOException {
        try {
            tar.close();
        } finally {
            if (temporary.isPresent()) {
                Files.deleteIfExists(temporary.get());
            }
        }
    }
}
