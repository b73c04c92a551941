package io.kubebuild.cache;

import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.TarOutput;
import io.kubebuild.problem.Shown;
import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** Brings a cache into a workspace: unpacked beside its place, checked, and put there only when it is whole. */
public final class CacheImport {

    private static final int BUFFER = 1 << 18;
    private static final String STAGING = "_output/kube-build-cache-import";

    /** So that the build that comes renews the time of what it uses, see {@link GoCaches}. */
    private static final Duration AGE = Duration.ofHours(2);

    private final Workspace workspace;
    private final Clock clock;

    public CacheImport(Workspace workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /**
     * For whom it must be.
     *
     * @param key ours
     * @param generatedFor fingerprint of what generated sources of this tree are made of; empty where none are wanted
     * @param stands whether generated sources that were made of something else stand here too, by the directory with the records
     *     that came with them
     * @param isSource whether a path, relative to the root, is a source of this tree: no file that was added may be one
     * @param isSameSource whether a path is a source of this tree, and the same one where the cache comes from: what was written
     *     over must be one
     */
    public record Wanted(
            CacheKey key,
            String generatedFor,
            Predicate<Path> stands,
            Predicate<String> isSource,
            Predicate<String> isSameSource) {}

    /**
     * What came.
     *
     * @param contents how much
     * @param generated whether the generated sources are those of this tree and now there
     */
    public record Imported(Contents contents, boolean generated) {

        /** What is in the workspace now. */
        public String inWords() {
            return contents.entries() + " cache entries, " + contents.programs() + " programs"
                    + (generated ? ", " + contents.generated() + " generated sources" : "");
        }
    }

    /** Where and how long what a failing engine says hides why a stream ended. */
    private static final class Trouble {
        private volatile @Nullable UnusableCacheException first;
    }

    /**
     * Imports a file.
     *
     * @throws UnusableCacheException where it is damaged, cut short or for somebody else; nothing of it is in the workspace then
     */
    public Imported read(Path file, Wanted wanted) throws IOException, InterruptedException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                CacheReader reader = new CacheReader(in)) {
            Optional<String> foreign = wanted.key().difference(reader.header().key());
            if (foreign.isPresent()) {
                throw new UnusableCacheException(foreign.get());
            }
            OwnScripts scripts = new OwnScripts(workspace, CacheImport.class);
            Path records = OwnFiles.temporaryDirectory("kube-build-cache");
            try {
                Choice choice = new Choice(reader.header().generatedFor(), wanted, records);
                scripts.run("making room for a cache", "prepare.sh", List.of(STAGING));
                Contents contents = unpack(reader, choice);
                scripts.run("taking in a cache", "land.sh", List.of(STAGING));
                return new Imported(contents, choice.generated());
            } finally {
                CacheExport.discard(workspace, STAGING);
                removeRecords(records);
            }
        }
    }

    private static void removeRecords(Path records) throws IOException {
        try (Stream<Path> files = Files.list(records)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(records);
    }

    /** Which files land. */
    private static final class Choice {
        private final String generatedFor;
        private final Wanted wanted;
        private final Path records;
        private @Nullable Boolean generated;

        Choice(String generatedFor, Wanted wanted, Path records) {
            this.generatedFor = generatedFor;
            this.wanted = wanted;
            this.records = records;
        }

        /** Whether generated sources do; decided when the first one comes, after all records. */
        boolean generated() {
            if (generated == null) {
                generated = !wanted.generatedFor().isEmpty()
                        && (wanted.stands().test(records) || generatedFor.equals(wanted.generatedFor()));
            }
            return generated;
        }

        /** Takes a file that does not land; false for one that does. */
        boolean keep(CacheFile file, InputStream in) throws IOException {
            if (file.part() == CachePart.RECORDS) {
                AtomicFile.write(records.resolve(file.path()), draft -> draft.content(in));
                return true;
            }
            boolean overwritten = file.part() == CachePart.OVERWRITTEN;
            if (file.part() != CachePart.GENERATED && !overwritten) {
                return false;
            }
            if (!generated()) {
                in.transferTo(OutputStream.nullOutputStream());
                return true;
            }
            if (overwritten && !wanted.isSameSource().test(file.path())) {
                throw new UnusableCacheException(
                        "it writes over " + Shown.name(file.path()) + ", which is no source here or another one");
            }
            if (!overwritten && wanted.isSource().test(file.path())) {
                throw new UnusableCacheException("it holds the source " + Shown.name(file.path()));
            }
            return false;
        }
    }

    private Contents unpack(CacheReader reader, Choice choice) throws IOException {
        Trouble trouble = new Trouble();
        Contents[] contents = {Contents.NOTHING};
        try {
            workspace.put(workspace.root() + "/" + STAGING, out -> {
                try {
                    contents[0] = copy(reader, choice, out);
                } catch (UnusableCacheException e) {
                    trouble.first = e;
                    throw e;
                }
            });
        } catch (IOException | RuntimeException e) {
            UnusableCacheException first = trouble.first;
            if (first != null && first != e) {
                first.addSuppressed(e);
                throw first;
            }
            throw e;
        }
        return contents[0];
    }

    private Contents copy(CacheReader reader, Choice choice, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
        TarArchiveOutputStream tar = TarOutput.to(buffered);
        Set<String> directories = new HashSet<>();
        long aged = clock.instant().minus(AGE).getEpochSecond();
        Contents contents = reader.files((file, in) -> {
            if (choice.keep(file, in)) {
                return;
            }
            putDirectories(file.entry(), directories, tar);
            TarArchiveEntry entry = entry(file.entry(), TarConstants.LF_NORMAL, file.mode());
            entry.setModTime((file.part() == CachePart.GO ? aged : file.mtime()) * 1000);
            entry.setSize(file.size());
            tar.putArchiveEntry(entry);
            in.transferTo(tar);
            tar.closeArchiveEntry();
        });
        tar.finish();
        buffered.flush(); // the tar stream keeps flush() to itself
        return contents;
    }

    /** Those that an engine makes unasked belong to root, and nobody else could put anything there. */
    private void putDirectories(String name, Set<String> there, TarArchiveOutputStream tar) throws IOException {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            String directory = name.substring(0, slash + 1);
            if (there.add(directory)) {
                tar.putArchiveEntry(entry(directory, TarConstants.LF_DIR, 0755));
                tar.closeArchiveEntry();
            }
        }
    }

    private TarArchiveEntry entry(String name, byte type, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setMode(mode);
        entry.setIds(workspace.owner().uid(), workspace.owner().gid());
        return entry;
    }
}
