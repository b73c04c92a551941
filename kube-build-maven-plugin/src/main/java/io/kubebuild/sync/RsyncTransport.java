package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Brings sources into a workspace by rsync, through a daemon there ({@code kube::build::sync_to_container}, build/common.sh). Which
 * files travel is told by the snapshot, to which the tree's filters have been applied. Files are compared by content, not by time:
 * only what is different goes over the wire, and nothing is taken for the same that is not.
 */
public final class RsyncTransport extends StampedTransport {

    private final RsyncClient rsync;
    private final Function<Workspace, RsyncServer> servers;

    /**
     * @param rsync this machine's program
     * @param servers starts a daemon in a workspace
     */
    public RsyncTransport(RsyncClient rsync, Function<Workspace, RsyncServer> servers, BuildListener listener) {
        super(listener);
        this.rsync = rsync;
        this.servers = servers;
    }

    @Override
    Sent carry(SyncRequest request, List<SourceEntry> entries, String stamp, Workspace workspace)
            throws IOException, InterruptedException {
        SourceStamp.forget(workspace);
        SourceRoot root = request.root();
        Path names = OwnFiles.temporary("kube-build-", ".names");
        try (RsyncServer server = servers.apply(workspace)) {
            Sent sent = send(entries, root, names, server);
            requireUnchanged(entries, root);
            SourceStamp.write(workspace, stamp);
            return sent;
        } catch (RsyncClient.FailedException e) {
            // A file that went away while it was read is what the user can do something about.
            requireUnchanged(entries, root);
            throw KubeException.build(
                    "rsync could not send the sources to " + workspace.root() + " in the workspace",
                    String.valueOf(e.getMessage()),
                    "run again, or send them without rsync: -Dkube.transport=archive",
                    e);
        } finally {
            Files.deleteIfExists(names);
        }
    }

    private Sent send(List<SourceEntry> entries, SourceRoot root, Path names, RsyncServer server)
            throws IOException, InterruptedException {
        List<SourceEntry> ofTree =
                entries.stream().filter(entry -> !root.isBeside(entry)).toList();
        OwnFiles.write(names, list(ofTree, 0));
        Sent sent = rsync.send(root.tree().toAbsolutePath(), names, server, "");
        if (ofTree.size() == entries.size()) {
            return sent;
        }
        OwnFiles.write(names, list(entries.stream().filter(root::isBeside).toList(), SourceRoot.GIT.length()));
        Sent beside = rsync.send(root.git().orElseThrow().toAbsolutePath(), names, server, SourceRoot.GIT + "/");
        return new Sent(sent.files() + beside.files(), sent.bytes() + beside.bytes());
    }

    private static void requireUnchanged(List<SourceEntry> entries, SourceRoot root) throws IOException {
        for (SourceEntry entry : entries) {
            if (entry.type() == SourceEntry.Type.FILE) {
                SourceArchive.requireUnchanged(entry, root);
            }
        }
    }

    /**
     * Names for {@code --files-from} with {@code --from0}.
     *
     * @param cut how much of the beginning of each path is not part of the name
     */
    private static byte[] list(List<SourceEntry> entries, int cut) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(cut == 0 ? "./" : ".")
                .append(entry.path().substring(cut))
                .append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
