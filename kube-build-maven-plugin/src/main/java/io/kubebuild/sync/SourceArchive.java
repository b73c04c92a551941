package io.kubebuild.sync;

import io.kubebuild.io.TarOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes sources as one tar stream: modes and times of the host as {@code rsync --archive} keeps them, everything owned by the
 * build user, and the stamp as the last entry, so that a stream that breaks off leaves none.
 */
final class SourceArchive {

    private static final int BUFFER = 1 << 18;

    private final SourceRoot root;
    private final String prefix;
    private final Owner owner;
    private long bytes;
    private int files;

    /**
     * @param root where the files are
     * @param prefix begins every name in the archive: empty, or ending with a slash
     * @param owner whom everything belongs to
     */
    SourceArchive(SourceRoot root, String prefix, Owner owner) {
        this.root = root;
        this.prefix = prefix;
        this.owner = owner;
    }

    /**
     * Writes everything.
     *
     * @throws KubeException where a file is no longer what the snapshot says
     */
    void write(List<SourceEntry> entries, String stamp, OutputStream out) throws IOException {
        OutputStream buffered = new BufferedOutputStream(out, BUFFER);
        // Left open: the stream is the workspace's.
        TarArchiveOutputStream tar = TarOutput.to(buffered);
        byte[] buffer = new byte[BUFFER];
        // An archive that arrives in part leaves a stamp that nobody takes for one.
        stamp("", tar);
        for (SourceEntry entry : entries) {
            write(entry, tar, buffer);
        }
        stamp(stamp, tar);
        tar.finish();
        buffered.flush();
    }

    private void stamp(String stamp, TarArchiveOutputStream tar) throws IOException {
        byte[] text = stamp.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = header(SourceStamp.NAME, TarConstants.LF_NORMAL, 0644, 0);
        entry.setSize(text.length);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
    }

    private void write(SourceEntry entry, TarArchiveOutputStream tar, byte[] buffer) throws IOException {
        FileStat stat = entry.stat();
        switch (entry.type()) {
            case DIRECTORY ->
                tar.putArchiveEntry(header(entry.path() + "/", TarConstants.LF_DIR, stat.permissions(), stat.mtime()));
            case LINK -> {
                TarArchiveEntry link = header(entry.path(), TarConstants.LF_SYMLINK, 0777, stat.mtime());
                link.setLinkName(entry.target());
                tar.putArchiveEntry(link);
                files++;
            }
            case FILE -> {
                TarArchiveEntry file = header(entry.path(), TarConstants.LF_NORMAL, stat.permissions(), stat.mtime());
                file.setSize(stat.size());
                tar.putArchiveEntry(file);
                copy(entry, tar, buffer);
                files++;
                bytes += stat.size();
            }
        }
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry header(String path, byte type, int mode, long mtime) {
        TarArchiveEntry header = new TarArchiveEntry(prefix + path, type);
        header.setMode(mode);
        header.setUserId(owner.uid());
        header.setGroupId(owner.gid());
        // Whole seconds, which is what rsync compares: fractions would cost a header of 1 kB for every file.
        header.setModTime(TimeUnit.SECONDS.toMillis(Math.floorDiv(mtime, 1_000_000_000L)));
        return header;
    }

    private void copy(SourceEntry entry, TarArchiveOutputStream tar, byte[] buffer) throws IOException {
        Path file = root.file(entry.path());
        long left = entry.stat().size();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw changed(entry);
                }
                tar.write(buffer, 0, n);
                left -= n;
            }
        }
        // After the last byte: what was sent is what the snapshot's hash is of, or the sync is void.
        requireUnchanged(entry, root);
    }

    /** Throws where a file is no longer what its entry says. */
    static void requireUnchanged(SourceEntry entry, SourceRoot root) throws IOException {
        FileStat now = FileStat.of(root.file(entry.path()));
        if (now.size() != entry.stat().size()
                || now.mtime() != entry.stat().mtime()
                || now.ctime() != entry.stat().ctime()) {
            throw changed(entry);
        }
    }

    private static KubeException changed(SourceEntry entry) {
        return KubeException.build(
                entry.path() + " changed while the sources were sent",
                "somebody edits the tree, or a tool generates into it",
                "run again when the tree is at rest; the next sync sends everything");
    }

    /** Files and links written. */
    int files() {
        return files;
    }

    /** Their content in bytes. */
    long bytes() {
        return bytes;
    }
}
