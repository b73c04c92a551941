package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings sources into a workspace as one tar stream: whatever the engine is and wherever, nothing but its own API is needed. */
public final class ArchiveTransport extends StampedTransport {

    public ArchiveTransport(BuildListener listener) {
        super(listener);
    }

    @Override
    Sent carry(SyncRequest request, List<SourceEntry> entries, String stamp, Workspace workspace) throws IOException {
        // Engines refuse links that lead out of the directory they extract to; out of "/" none does.
        boolean fromTop = entries.stream().anyMatch(SourceEntry::leadsOut);
        String prefix = fromTop ? workspace.root().substring(1) + "/" : "";
        SourceArchive archive = new SourceArchive(request.root(), prefix, workspace.owner());
        Trouble trouble = new Trouble();
        try {
            workspace.put(fromTop ? "/" : workspace.root(), out -> {
                try {
                    archive.write(entries, stamp, out);
                } catch (KubeException e) {
                    trouble.first = e;
                    throw new IOException(e.getMessage(), e);
                }
            });
        } catch (IOException | RuntimeException e) {
            // What the engine says about a stream that ended early hides why it did.
            KubeException first = trouble.first;
            if (first != null) {
                first.addSuppressed(e);
                throw first;
            }
            throw e;
        }
        return new Sent(archive.files(), archive.bytes());
    }

    /** What went wrong while the stream was written, on whatever thread that was. */
    private static final class Trouble {
        private volatile @Nullable KubeException first;
    }
}
