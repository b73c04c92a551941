package io.kubebuild.sync;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads files of a workspace. What runs in a workspace is not ours, so its tar streams are not believed: only a plain file whose
 * name was asked for is taken, once. Absolute names, {@code ..}, links, devices and everything unexpected end the copy.
 */
final class OutputStreams {

    private final Workspace workspace;
    private final WorkspaceScratch scratch;

    OutputStreams(Workspace workspace, WorkspaceScratch scratch) {
        this.workspace = workspace;
        this.scratch = scratch;
    }

    /** Takes the content of one file. */
    @FunctionalInterface
    interface Content {
        void take(InputStream in) throws IOException;
    }

    /** Takes the content of one file among several. */
    @FunctionalInterface
    interface NamedContent {
        void take(String name, InputStream in) throws IOException;
    }

    /** Reads one file by absolute path. */
    void file(String path, Content content) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try (InputStream stream = workspace.get(path)) {
            unpack(stream, Set.of(name), (entry, in) -> content.take(in));
        }
    }

    /** Reads files of one directory as one stream, by their names there; what else lies there is passed over. */
    void filesIn(String directory, Collection<String> names, NamedContent content) throws IOException {
        String prefix = directory.substring(directory.lastIndexOf('/') + 1) + "/";
        Set<String> asked = names.stream().map(prefix::concat).collect(Collectors.toSet());
        try (InputStream stream = workspace.get(directory)) {
            unpack(
                    stream,
                    asked,
                    entry -> asked.contains(entry.getName()),
                    (name, in) -> content.take(name.substring(prefix.length()), in));
        }
    }

    /** Reads many small files of the tree, named {@code ./…}, as one stream. */
    void files(Collection<String> paths, NamedContent content) throws IOException, InterruptedException {
        scratch.putLists(Map.of("tofetch", paths));
        // An archive in a file, because output of commands comes as lines; it holds sources only, so it is small.
        scratch.run(
                "packing generated sources",
                "tar --create --file \"$2\" --format=pax --hard-dereference --no-recursion --null --verbatim-files-from"
                        + " --files-from \"$1\"",
                List.of(scratch.path("tofetch"), scratch.path("sources.tar")));
        file(scratch.path("sources.tar"), in -> unpack(in, new HashSet<>(paths), content));
    }

    /** Hands out the files asked for; throws where the stream holds anything else or less. */
    static void unpack(InputStream stream, Set<String> asked, NamedContent content) throws IOException {
        unpack(stream, asked, entry -> true, content);
    }

    private static void unpack(
            InputStream stream, Set<String> asked, Predicate<TarArchiveEntry> looksAt, NamedContent content)
            throws IOException {
        Set<String> open = new HashSet<>(asked);
        ForeignTar tar = new ForeignTar(stream, ArchiveLimits.OUTPUT);
        for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarArchiveEntry entry = next.get();
            if (!looksAt.test(entry)) {
                continue;
            }
            byte type = entry.getLinkFlag();
            boolean plain = (type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM) && !entry.isDirectory();
            if (!plain || !open.remove(entry.getName())) {
                throw refused(entry);
            }
            content.take(entry.getName(), tar);
        }
        if (!open.isEmpty()) {
            throw new IOException("the stream from the workspace ended without " + String.join(", ", open));
        }
    }

    private static KubeException refused(TarArchiveEntry entry) {
        return KubeException.build(
                "refused '" + Shown.name(entry.getName()) + "' in the stream from the workspace",
                "nobody asked for it, or it is no plain file (type '" + (char) entry.getLinkFlag() + "')",
                "nothing was written for it; if a script of the tree makes such files, correct it, else begin anew with"
                        + " mvn kube:clean");
    }
}
