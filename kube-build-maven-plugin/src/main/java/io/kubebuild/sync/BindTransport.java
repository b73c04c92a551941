package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * For a workspace that has the tree itself, as upstream's scripts mount it from v1.35 on: nothing is sent. A stamp among the outputs
 * says which snapshot the workspace was last built from.
 *
 * <p>Where generated files are to be dropped, which a sync of copies does by deleting them, the tree's own are made to look very
 * old: its make then generates them anew, and if that fails they are still there.
 */
public final class BindTransport implements Transport {

    /** Older than every source, and no value that anybody takes for "unknown". */
    private static final FileTime OLD = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));

    private final BuildListener listener;

    public BindTransport(BuildListener listener) {
        this.listener = listener;
    }

    @Override
    public SyncResult sync(SyncRequest request, Workspace workspace) throws InterruptedException {
        String wanted = SourceStamp.of(request.current(), request.rules(), workspace.owner());
        String found = SourceStamp.read(workspace);
        if (found.equals(wanted) && !request.dropGenerated()) {
            return new SyncResult(SyncResult.Kind.NOTHING, "the workspace has this tree", 0, 0, 0);
        }
        Optional<SourceSnapshot> held = request.held(found, workspace.owner());
        SourceStamp.forget(workspace);
        if (request.dropGenerated()) {
            try {
                age(request.root().tree(), request.rules());
            } catch (IOException e) {
                throw KubeException.build(
                        "the generated sources in " + request.root().tree() + " cannot be marked as old",
                        e.toString(),
                        "make the tree writable, or leave it alone: -Dkube.transport=archive",
                        e);
            }
        }
        SourceStamp.write(workspace, wanted);
        SyncResult result = new SyncResult(
                held.isPresent() ? SyncResult.Kind.DELTA : SyncResult.Kind.FULL,
                held.isPresent() ? request.reason(held, found) : "the workspace was not built from this tree as it was",
                0,
                0,
                0);
        listener.on(new BuildListener.Detail("sync: " + result));
        return result;
    }

    @Override
    public boolean holds(SourceSnapshot snapshot, FilterRules rules, Workspace workspace) throws InterruptedException {
        return SourceStamp.read(workspace).equals(SourceStamp.of(snapshot, rules, workspace.owner()));
    }

    /** Files that a sync would not send and delete where they are: {@code H zz_generated.*}. */
    private static void age(Path tree, FilterRules rules) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String path = tree.relativize(directory).toString();
                boolean entered = path.isEmpty() || rules.sends(path, true);
                return entered ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = tree.relativize(file).toString();
                if (attributes.isRegularFile() && !rules.sends(path, false) && !rules.shelters(path, false)) {
                    OwnFiles.modified(file, OLD);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
