package io.kubebuild.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.Listing.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the last copies left behind, kept in a file: with it a file that nobody touched on either side is neither read nor
 * transferred. It only saves work; without it everything is compared by content.
 */
final class CopyRecord {

    private static final int FORMAT = 1;

    private final Path file;
    private final String workspace;
    private final Map<String, Line> lines = new TreeMap<>();

    /** The two sides of one file when they were last seen equal. */
    record Line(long size, long inode, long mtime, FileStat host, String sha256) {}

    /** The file's shape. */
    private record Saved(int format, String workspace, Map<String, Line> lines) {}

    private CopyRecord(Path file, String workspace) {
        this.file = file;
        this.workspace = workspace;
    }

    /** Reads it; an unreadable one, or one of another workspace, is as good as none. */
    static CopyRecord read(Path file, String workspace) {
        CopyRecord record = new CopyRecord(file, workspace);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return record;
        }
        try {
            Saved saved = new ObjectMapper().readValue(Files.readAllBytes(file), new TypeReference<Saved>() {});
            if (saved.format() == FORMAT && saved.workspace().equals(workspace)) {
                record.lines.putAll(saved.lines());
            }
        } catch (IOException | RuntimeException e) {
            record.lines.clear();
        }
        return record;
    }

    /** Whether both sides are as they were when they were equal. */
    boolean standing(Path target, Found found, FileStat host) {
        Line line = lines.get(target.toString());
        return line != null
                && line.size() == found.size()
                && line.inode() == found.inode()
                && line.mtime() == found.mtime()
                && line.host().provesSame(host);
    }

    /** Hash of the host's file, if the record vouches for it. */
    @Nullable
    String hash(Path target, FileStat host) {
        Line line = lines.get(target.toString());
        return line != null && line.host().provesSame(host) ? line.sha256() : null;
    }

    /** Notes that both sides are equal. */
    void equal(Path target, Found found, FileStat host, String sha256) {
        lines.put(target.toString(), new Line(found.size(), found.inode(), found.mtime(), host, sha256));
    }

    /** Takes the time of the last status change as it is now, where nothing else of the host's file is different. */
    void renew(Path target) throws IOException {
        Line line = lines.get(target.toString());
        if (line == null) {
            return;
        }
        FileStat now = FileStat.of(target);
        FileStat before = line.host();
        if (now.equals(new FileStat(before.mode(), before.size(), before.mtime(), now.ctime(), before.inode()))) {
            lines.put(target.toString(), new Line(line.size(), line.inode(), line.mtime(), now, line.sha256()));
        }
    }

    void write() {
        try {
            byte[] json = new ObjectMapper().writeValueAsBytes(new Saved(FORMAT, workspace, lines));
            AtomicFile.write(file, draft -> draft.bytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts can be written as JSON", e);
        } catch (IOException e) {
            throw KubeException.build(
                    "cannot write " + file,
                    e.toString(),
                    "check that the directory is writable and its disk not full",
                    e);
        }
    }
}
