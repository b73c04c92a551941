package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.RawName;
import io.kubebuild.io.Sha256;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import org.jspecify.annotations.Nullable;

/**
 * Takes source snapshots: walks a tree with several threads, never follows a link, reads the attributes of each file once, and
 * its content only where the previous snapshot cannot vouch for it.
 */
public final class SourceScanner {

    private final Clock clock;
    private final int threads;
    private final BuildListener listener;

    /**
     * @param threads how many walk at once
     * @param listener hears of what cannot be part of a snapshot: sockets, pipes, devices
     */
    public SourceScanner(Clock clock, int threads, BuildListener listener) {
        this.clock = clock;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Looks at a tree.
     *
     * @param root the tree, and what stands for its {@code .git}
     * @param rules what is left out, as on the way into the container
     * @param projectFiles names at the root that belong to the Maven project and not to Kubernetes
     * @param previous the last snapshot of the same tree, whose hashes are used again where nothing happened to a file
     * @throws KubeException naming every file that cannot be read
     */
    public SourceSnapshot take(
            SourceRoot root, FilterRules rules, List<String> projectFiles, @Nullable SourceSnapshot previous) {
        Instant started = clock.instant();
        Set<String> leftOut = new HashSet<>(projectFiles);
        root.git().ifPresent(git -> leftOut.add(SourceRoot.GIT));
        Scan scan = new Scan(rules, Set.copyOf(leftOut), previous);
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.invoke(new Directory(scan, root.tree().toAbsolutePath(), ""));
            root.git().ifPresent(git -> beside(scan, git.toAbsolutePath()).ifPresent(pool::invoke));
        } finally {
            pool.shutdown();
        }
        if (!scan.problems.isEmpty()) {
            throw KubeException.user(scan.problems.stream()
                    .sorted(Comparator.comparing(Problem::what))
                    .toList());
        }
        if (!scan.odd.isEmpty()) {
            listener.on(new BuildListener.Listing(
                    "Left out of the sources (neither file, directory nor link)",
                    scan.odd.stream().sorted().toList()));
        }
        return new SourceSnapshot(started, scan.found);
    }

    private static Optional<Directory> beside(Scan scan, Path git) {
        try {
            scan.found.add(new SourceEntry(SourceRoot.GIT, SourceEntry.Type.DIRECTORY, FileStat.of(git), "", ""));
            return Optional.of(new Directory(scan, git, SourceRoot.GIT + "/"));
        } catch (IOException e) {
            scan.problem(git, e);
            return Optional.empty();
        }
    }

    /** What the threads share. */
    private static final class Scan {
        private final FilterRules rules;
        private final Set<String> leftOut;
        private final @Nullable SourceSnapshot previous;
        private final long restBefore;
        private final Queue<SourceEntry> found = new ConcurrentLinkedQueue<>();
        private final Queue<Problem> problems = new ConcurrentLinkedQueue<>();
        private final Queue<String> odd = new ConcurrentLinkedQueue<>();

        Scan(FilterRules rules, Set<String> leftOut, @Nullable SourceSnapshot previous) {
            this.rules = rules;
            this.leftOut = leftOut;
            this.previous = previous;
            this.restBefore = previous == null ? Long.MIN_VALUE : previous.restBefore();
        }

        /** The hash that the previous snapshot has for this file, if nothing can have happened to it since. */
        Optional<String> known(String path, FileStat stat) {
            SourceEntry before = previous == null ? null : previous.entries().get(path);
            boolean same = before != null
                    && before.type() == SourceEntry.Type.FILE
                    && stat.provesSame(before.stat())
                    && stat.mtime() < restBefore
                    && stat.ctime() < restBefore;
            return before != null && same ? Optional.of(before.sha256()) : Optional.empty();
        }

        boolean takes(String path, boolean directory) {
            return !leftOut.contains(path) && !path.equals(SourceStamp.NAME) && rules.sends(path, directory);
        }

        void problem(Path file, IOException e) {
            problems.add(new Problem(
                    "cannot read " + file + ", which is part of the sources",
                    e.toString(),
                    "make it readable (chmod a+r, for a directory a+rx), or move it out of the tree"));
        }
    }

    /** The walk of one directory. */
    private static final class Directory extends RecursiveAction {
        private static final long serialVersionUID = 1L;

        private final transient Scan scan;
        private final transient Path directory;
        private final String prefix;

        Directory(Scan scan, Path directory, String prefix) {
            this.scan = scan;
            this.directory = directory;
            this.prefix = prefix;
        }

        @Override
        protected void compute() {
            List<Directory> below = new ArrayList<>();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                Sha256 sha256 = new Sha256();
                for (Path child : children) {
                    look(child, sha256).ifPresent(below::add);
                }
            } catch (NoSuchFileException vanished) {
                return; // deleted while we look: it is not part of the sources any more
            } catch (DirectoryIteratorException e) {
                scan.problem(directory, new IOException(e));
            } catch (IOException e) {
                scan.problem(directory, e);
            }
            invokeAll(below);
        }

        private Optional<Directory> look(Path file, Sha256 sha256) {
            Optional<String> name = RawName.of(file);
            if (name.isEmpty()) {
                scan.problems.add(new Problem(
                        "the name of " + file + " is no UTF-8",
                        "names in archives are UTF-8",
                        "rename the file, or move it out of the tree"));
                return Optional.empty();
            }
            String path = prefix + name.get();
            try {
                FileStat stat = FileStat.of(file);
                if (!scan.takes(path, stat.isDirectory())) {
                    return Optional.empty();
                }
                if (stat.isDirectory()) {
                    scan.found.add(new SourceEntry(path, SourceEntry.Type.DIRECTORY, stat, "", ""));
                    return Optional.of(new Directory(scan, file, path + "/"));
                }
                if (stat.isLink()) {
                    Path target = Files.readSymbolicLink(file);
                    String text = RawName.ofTarget(target)
                            .orElseThrow(() -> new IOException("the link's target is no UTF-8: " + target));
                    scan.found.add(new SourceEntry(path, SourceEntry.Type.LINK, stat, text, ""));
                } else if (stat.isRegular()) {
                    Optional<String> known = scan.known(path, stat);
                    String hash = known.isPresent() ? known.get() : sha256.of(file);
                    scan.found.add(new SourceEntry(path, SourceEntry.Type.FILE, stat, "", hash));
                } else {
                    scan.odd.add(path);
                }
            } catch (NoSuchFileException vanished) {
                return Optional.empty();
            } catch (IOException e) {
                scan.problem(file, e);
            }
            return Optional.empty();
        }
    }
}
