package io.kubebuild.release;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.io.FileModes;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Extracts a recording below one directory and never beside it, whatever the stream claims. Files that are placeholders are
 * remembered, not written.
 */
final class StageExtractor {

    /** Set user id and set group id. */
    private static final int SPECIAL = 06000;

    private final Path directory;
    private final ConfinedDirectory recording;
    private final SortedSet<String> special = new TreeSet<>();
    private final Set<String> directories = new HashSet<>();
    private final SortedMap<String, Integer> directoryModes = new TreeMap<>(Comparator.reverseOrder());
    private final SortedMap<String, Staging.PlacedPlaceholder> placeholders = new TreeMap<>();

    private StageExtractor(Path directory) {
        this.directory = directory;
        this.recording = new ConfinedDirectory(directory);
    }

    /**
     * Extracts a tar stream whose entries all begin with one name, which is left out.
     *
     * @param directory wiped first
     * @return the placeholders, by path relative to the directory
     */
    static SortedMap<String, Staging.PlacedPlaceholder> extract(InputStream stream, Path directory) throws IOException {
        DirectoryRemoval.remove(directory);
        OwnFiles.makeDirectories(directory);
        StageExtractor extractor = new StageExtractor(directory);
        try (ForeignTar tar = new ForeignTar(stream, ArchiveLimits.RECORDING)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                extractor.add(next.get(), tar);
            }
        }
        // From the deepest up, because a directory may forbid writing into it.
        for (Map.Entry<String, Integer> entry : extractor.directoryModes.entrySet()) {
            FileModes.set(RawName.resolve(directory, entry.getKey()), entry.getValue() & 01777);
        }
        extractor.refuseSpecial();
        return extractor.placeholders;
    }

    private void add(TarArchiveEntry entry, InputStream tar) throws IOException {
        String path = withoutRoot(entry.getName());
        if (path.isEmpty()) {
            return;
        }
        makeParents(path);
        Path target = RawName.resolve(directory, path);
        int mode = entry.getMode() & 07777;
        if (entry.isDirectory()) {
            makeDirectory(path);
            directoryModes.put(path, mode);
        } else if (entry.isSymbolicLink()) {
            refuseRepeated(path, target);
            recording.link(path, entry.getLinkName());
        } else if (entry.isLink()) {
            link(path, withoutRoot(entry.getLinkName()), target);
        } else if (entry.isFile()) {
            refuseRepeated(path, target);
            file(path, target, mode, entry.getSize(), tar);
        } else {
            throw refused(path, "it is neither a file nor a directory nor a link");
        }
    }

    private void file(String path, Path target, int mode, long size, InputStream tar) throws IOException {
        if (size <= Placeholder.MAX_BYTES) {
            byte[] content = tar.readAllBytes();
            Optional<Placeholder> placeholder = Placeholder.parse(new String(content, StandardCharsets.UTF_8));
            if (placeholder.isPresent()) {
                placeholders.put(path, new Staging.PlacedPlaceholder(placeholder.get(), mode));
                return;
            }
            recording.write(path, draft -> draft.bytes(content));
        } else {
            recording.write(path, draft -> draft.content(tar));
        }
        // On the host nobody is to become somebody else; a tarball has its modes from its listing.
        FileModes.set(target, mode & 0777);
        if ((mode & SPECIAL) != 0) {
            special.add(path);
        }
    }

    private void link(String path, String earlier, Path target) throws IOException {
        refuseRepeated(path, target);
        Staging.PlacedPlaceholder placeholder = placeholders.get(earlier);
        if (placeholder != null) {
            placeholders.put(path, placeholder);
            return;
        }
        makeParents(earlier);
        Path source = RawName.resolve(directory, earlier);
        if (!Files.isRegularFile(source, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw refused(path, "it is a link to " + Shown.name(earlier) + ", which did not come before it");
        }
        // A copy, so that a file of the tree is never reached through two names.
        try (InputStream in = recording.open(earlier)) {
            recording.write(path, draft -> draft.content(in));
        }
        FileModes.set(target, FileModes.get(source));
    }

    /** An image takes its modes from the files, so such a file would come into it without them. */
    private void refuseSpecial() {
        special.stream().filter(path -> path.startsWith("builds/")).findFirst().ifPresent(path -> {
            throw refused(path, "a file of an image would be setuid or setgid, which is not taken to the host");
        });
    }

    private void refuseRepeated(String path, Path target) {
        if (Files.exists(target, java.nio.file.LinkOption.NOFOLLOW_LINKS) || placeholders.containsKey(path)) {
            throw refused(path, "it is there twice");
        }
    }

    private void makeParents(String path) throws IOException {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            makeDirectory(path.substring(0, slash));
        }
    }

    /** A directory that we made ourselves is a real one; anything else at that place could lead elsewhere. */
    private void makeDirectory(String path) throws IOException {
        if (!directories.contains(path)) {
            Path target = RawName.resolve(directory, path);
            if (Files.exists(target, java.nio.file.LinkOption.NOFOLLOW_LINKS) || placeholders.containsKey(path)) {
                throw refused(path, "it is a directory and something else");
            }
            recording.directory(path);
            directories.add(path);
        }
    }

    private static String withoutRoot(String name) {
        List<String> parts = List.of(name.split("/+"));
        if (name.startsWith("/") || parts.contains("..") || parts.contains(".") || name.indexOf('\0') >= 0) {
            throw refused(name, "its path leads out of the recording");
        }
        return String.join("/", parts.subList(1, parts.size()));
    }

    private static KubeException refused(String path, String why) {
        return KubeException.build(
                "The recorded stage holds an entry that is not taken: " + Shown.name(path),
                why,
                "Look for what the tree's packaging scripts do with this path, or package what was compiled with the tree's own"
                        + " script: build/package-tarballs.sh");
    }
}
