package io.kubebuild.image.cross;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.CountingStream;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.TarOutput;
import io.kubebuild.io.UnpackedStream;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.GoVersion;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A Go SDK on this machine, as go.dev publishes it ({@code go1.20.14.linux-amd64.tar.gz}) or unpacked.
 *
 * @param place the directory that holds {@code bin/go}, or the archive
 * @param version first line of its file {@code VERSION}: {@code go1.20.14}
 * @param program the first bytes of {@code bin/go}, in hex
 */
public record GoSdk(Path place, String version, String program) {

    private static final int HEAD_BYTES = 1024;
    /** A version is one line, and a time behind it. */
    private static final int MOST_VERSION_BYTES = 4096;

    private static final int COPY_BUFFER_BYTES = 64 * 1024;

    /**
     * Looks into an SDK.
     *
     * @param place a directory, or a tar file, compressed by gzip or not, in which everything lies below {@code go/}
     * @throws KubeException where there is no SDK
     */
    public static GoSdk at(Path place) {
        try {
            GoSdk sdk = Files.isDirectory(place) ? ofDirectory(place) : ofArchive(place);
            if (GoVersion.parse(sdk.version()).isEmpty() && !sdk.version().startsWith("devel")) {
                throw none(place, "its VERSION is '" + sdk.version() + "', and no version of Go such as go1.22.5");
            }
            return sdk;
        } catch (IOException e) {
            throw none(place, "it cannot be read: " + e.getMessage());
        }
    }

    private static GoSdk ofDirectory(Path place) throws IOException {
        Path version = place.resolve("VERSION");
        Path program = place.resolve("bin/go");
        if (!Files.isRegularFile(version) || !Files.isRegularFile(program)) {
            throw none(
                    place,
                    Files.isRegularFile(place.resolve("go/bin/go"))
                            ? "the SDK is its directory go"
                            : "it has no bin/go or no VERSION");
        }
        try (InputStream in = Files.newInputStream(program)) {
            return new GoSdk(place, firstLine(Files.readString(version)), head(in));
        }
    }

    private static GoSdk ofArchive(Path place) throws IOException {
        Optional<String> version = Optional.empty();
        Optional<String> program = Optional.empty();
        try (ForeignTar tar = new ForeignTar(uncompressed(place), ArchiveLimits.GO_SDK)) {
            Optional<TarArchiveEntry> entry = tar.next();
            while (entry.isPresent() && (version.isEmpty() || program.isEmpty())) {
                String full = entry.get().getName();
                String name = full.startsWith("./") ? full.substring(2) : full;
                if (name.equals("go/VERSION")) {
                    version = Optional.of(
                            firstLine(new String(tar.readNBytes(MOST_VERSION_BYTES), StandardCharsets.UTF_8)));
                } else if (name.equals("go/bin/go")) {
                    program = Optional.of(head(tar));
                }
                entry = tar.next();
            }
        }
        if (version.isEmpty() || program.isEmpty()) {
            throw none(place, "the archive has no go/VERSION or no go/bin/go");
        }
        return new GoSdk(place, version.get(), program.get());
    }

    private static InputStream uncompressed(Path file) throws IOException {
        CountingStream packed = new CountingStream(Files.newInputStream(file));
        BufferedInputStream in = new BufferedInputStream(packed);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip
                ? new UnpackedStream(new GZIPInputStream(in, COPY_BUFFER_BYTES), packed::count, ArchiveLimits.GO_SDK)
                : in;
    }

    private static String head(InputStream in) throws IOException {
        return HexFormat.of().formatHex(in.readNBytes(HEAD_BYTES));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    private static KubeException none(Path place, String why) {
        return KubeException.user(
                "kube.cross.goSdk names " + place + ", which is no Go SDK",
                why,
                "name an unpacked SDK, the directory that holds bin/go, or an archive as go.dev publishes it:"
                        + " -Dkube.cross.goSdk=/downloads/go1.20.14.linux-amd64.tar.gz");
    }

    /** Whether it is an archive, which the engine unpacks as it is. */
    boolean isArchive() {
        return !Files.isDirectory(place);
    }

    /** Writes an archive of it, everything below {@code go/}. */
    void writeTo(Path file) throws IOException {
        if (isArchive()) {
            OwnFiles.copy(place, file);
            return;
        }
        try (OutputStream out = new BufferedOutputStream(OwnFiles.write(file), COPY_BUFFER_BYTES);
                TarArchiveOutputStream tar = TarOutput.to(out)) {
            add(tar, place, "go");
        }
    }

    private void add(TarArchiveOutputStream tar, Path file, String name) throws IOException {
        // Debian's SDK is links to a second directory: what they lead to has to come along. Links inside of it stay
        // links.
        if (Files.isSymbolicLink(file) && staysInside(file)) {
            TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            link.setLinkName(Files.readSymbolicLink(file).toString());
            put(tar, link);
        } else if (Files.isDirectory(file)) {
            TarArchiveEntry entry = new TarArchiveEntry(name + "/");
            entry.setMode(0755);
            put(tar, entry);
            List<Path> children;
            try (Stream<Path> files = Files.list(file)) {
                children = files.sorted().toList();
            }
            for (Path child : children) {
                add(tar, child, name + "/" + child.getFileName());
            }
        } else if (Files.isRegularFile(file)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(file));
            entry.setMode(Files.isExecutable(file) ? 0755 : 0644);
            // The go command compares times of the standard library's sources and packages.
            entry.setModTime(Files.getLastModifiedTime(file));
            tar.putArchiveEntry(entry);
            Files.copy(file, tar);
            tar.closeArchiveEntry();
        }
    }

    private boolean staysInside(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        return !target.isAbsolute() && Files.exists(link) && link.toRealPath().startsWith(place.toRealPath());
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @Override
    public String toString() {
        return version + " in " + place;
    }
}
