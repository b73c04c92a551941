package io.kubebuild.cache;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import io.kubebuild.sync.UnsentFiles;
import io.kubebuild.sync.WorkspaceScratch;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Takes a cache out of a workspace: the entries of Go's build cache that builds used, programs and generated sources. */
public final class CacheExport {

    private static final int BUFFER = 1 << 18;
    private static final String NAME = "kube-build-cache-export";
    private static final String STAGING = "_output/" + NAME;

    private final Workspace workspace;
    private final int threads;

    /** @param threads that compress */
    public CacheExport(Workspace workspace, int threads) {
        this.workspace = workspace;
        this.threads = threads;
    }

    /**
     * What is wanted.
     *
     * @param header what the archive says of itself
     * @param builds names that {@link GoCaches#afterUse} was called with
     * @param programs absolute paths of linked programs; those that no archive takes are left out
     * @param generated generated sources
     * @param records files of this machine that tell what these are made of, by the names that they get
     */
    public record Wanted(
            CacheHeader header,
            List<String> builds,
            List<String> programs,
            UnsentFiles.Found generated,
            Map<String, Path> records) {
        public Wanted {
            builds = List.copyOf(builds);
            programs = List.copyOf(programs);
            records = Map.copyOf(records);
        }
    }

    /** Writes the file, as a whole or not at all; throws a KubeException where there is nothing to write. */
    public Contents write(Wanted wanted, Path file) throws IOException, InterruptedException {
        try {
            collect(wanted);
            Contents[] contents = {Contents.NOTHING};
            AtomicFile.write(file, draft -> contents[0] = writeTo(draft, wanted));
            return contents[0];
        } finally {
            discard(workspace, STAGING);
        }
    }

    private void collect(Wanted wanted) throws IOException, InterruptedException {
        String prefix = workspace.root() + "/";
        List<String> programs = wanted.programs().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .filter(CachePart.PROGRAMS::takes)
                .toList();
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.putLists(Map.of(
                    "programs",
                    programs,
                    "generated",
                    wanted.generated().added(),
                    "overwritten",
                    wanted.generated().overwritten()));
            List<String> arguments = new ArrayList<>(
                    List.of(STAGING, scratch.path("programs"), scratch.path("generated"), scratch.path("overwritten")));
            wanted.builds().forEach(build -> arguments.add(GoCaches.LISTS + "/used-" + build));
            new OwnScripts(workspace, CacheExport.class).run("collecting the Go build cache", "collect.sh", arguments);
        }
    }

    private Contents writeTo(AtomicFile.Draft draft, Wanted wanted) throws IOException {
        try (InputStream stream = new BufferedInputStream(workspace.get(workspace.root() + "/" + STAGING), BUFFER);
                ForeignTar in = new ForeignTar(stream, ArchiveLimits.CACHE);
                CacheWriter writer =
                        new CacheWriter(new BufferedOutputStream(draft.stream(), BUFFER), wanted.header(), threads)) {
            for (Map.Entry<String, Path> record : new TreeMap<>(wanted.records()).entrySet()) {
                add(record.getKey(), record.getValue(), writer);
            }
            for (Optional<TarArchiveEntry> next = in.next(); next.isPresent(); next = in.next()) {
                TarArchiveEntry entry = next.get();
                if (!entry.isDirectory()) {
                    writer.add(file(entry), in);
                }
            }
            Contents contents = writer.finish();
            if (contents.entries() == 0) {
                throw KubeException.user(
                        "there is no Go build cache to export",
                        "no build of this tree has used one in its workspace",
                        "run kube:release or kube:compile first");
            }
            return contents;
        }
    }

    private static void add(String name, Path record, CacheWriter writer) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(record), BUFFER)) {
            writer.add(new CacheFile(CachePart.RECORDS, name, 0644, 0, Files.size(record)), in);
        }
    }

    private static CacheFile file(TarArchiveEntry entry) throws IOException {
        String name = entry.getName().startsWith(NAME + "/") ? entry.getName().substring(NAME.length() + 1) : "";
        CachePart part = CachePart.of(name)
                .filter(any -> entry.getLinkFlag() == TarConstants.LF_NORMAL && any != CachePart.RECORDS)
                .orElseThrow(() -> new IOException(
                        "the workspace sent '" + Shown.name(entry.getName()) + "', which is no part of a cache"));
        return new CacheFile(
                part,
                part.path(name),
                CacheFile.plainMode(entry.getMode()),
                entry.getLastModifiedTime().toMillis() / 1000,
                entry.getSize());
    }

    static void discard(Workspace workspace, String staging) {
        try {
            // Whether it worked does not matter: the next one begins with the same.
            workspace.run(Command.in(workspace.root(), Map.of(), "/bin/rm", "-rf", "--", staging), line -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
