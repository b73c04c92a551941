package io.kubebuild.sync;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.TarOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.problem.Shown;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A directory of our own among a workspace's temporary files, for lists that are too long or too odd (names with line breaks) for
 * arguments and lines of output. Made when it is first needed, gone when closed.
 */
public final class WorkspaceScratch implements AutoCloseable {

    /** Of a list; all files of Kubernetes with their states have 5 MB. */
    private static final int MOST_BYTES = 256 << 20;

    private final Workspace workspace;
    private final String name = "kube-build-" + UUID.randomUUID();
    private boolean made;

    public WorkspaceScratch(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Absolute path of a file in it. */
    public String path(String file) {
        return directory() + "/" + file;
    }

    private String directory() {
        return workspace.temporary() + "/" + name;
    }

    /** Puts lists of names there, each name ended by a NUL. */
    public void putLists(Map<String, ? extends Collection<String>> lists) throws IOException {
        made = true;
        workspace.put(workspace.temporary(), out -> {
            TarArchiveOutputStream tar = TarOutput.to(out);
            tar.putArchiveEntry(entry(name + "/", TarConstants.LF_DIR, 0755, 0));
            tar.closeArchiveEntry();
            for (Map.Entry<String, ? extends Collection<String>> list : lists.entrySet()) {
                StringBuilder text = new StringBuilder();
                list.getValue().forEach(item -> text.append(item).append('\0'));
                byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                tar.putArchiveEntry(entry(name + "/" + list.getKey(), TarConstants.LF_NORMAL, 0644, bytes.length));
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
            tar.finish();
            out.flush();
        });
    }

    /** Makes the directory, for scripts that write there. */
    void make() throws IOException {
        if (!made) {
            putLists(Map.of());
        }
    }

    private TarArchiveEntry entry(String entryName, byte type, int mode, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(entryName, type);
        entry.setMode(mode);
        entry.setSize(size);
        entry.setUserId(workspace.owner().uid());
        entry.setGroupId(workspace.owner().gid());
        return entry;
    }

    /** A file of it as a list of NUL-ended texts. */
    List<String> readList(String file) throws IOException {
        try (InputStream stream = workspace.get(path(file));
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
            if (tar.next().filter(TarArchiveEntry::isFile).isEmpty()) {
                throw new IOException(path(file) + " is no file");
            }
            List<String> items = new ArrayList<>();
            String text = new String(tar.content(MOST_BYTES), StandardCharsets.UTF_8);
            for (int begin = 0, end; (end = text.indexOf('\0', begin)) >= 0; begin = end + 1) {
                items.add(text.substring(begin, end));
            }
            return items;
        }
    }

    /** Hashes of files, by their paths, which are relative to the tree's root or absolute. */
    Map<String, String> sha256(List<String> paths) throws IOException, InterruptedException {
        Map<String, String> hashes = new LinkedHashMap<>();
        if (!paths.isEmpty()) {
            putLists(Map.of("tohash", paths));
            run(
                    "comparing files",
                    "xargs -0 -r sha256sum -z -- < \"$1\" > \"$2\"",
                    List.of(path("tohash"), path("hashes")));
            for (String line : readList("hashes")) {
                // 64 digits, a blank, a blank or a star, the name
                if (line.length() < 66) {
                    throw new IOException("the workspace's sha256sum wrote no hash: '" + Shown.name(line) + "'");
                }
                hashes.put(line.substring(66), line.substring(0, 64));
            }
        }
        return hashes;
    }

    /**
     * Runs a shell script in the tree's root; {@code doing} completes "while" where it fails.
     *
     * @throws KubeException with the last lines of its output where its exit code is not 0
     */
    void run(String doing, String script, List<String> arguments) throws InterruptedException {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        argv.addAll(arguments);
        LastLines last = LastLines.ofAny();
        Command command = new Command(argv, Map.of("LC_ALL", "C"), workspace.root(), false);
        int exitCode = workspace.run(command, last);
        if (exitCode != 0) {
            throw KubeException.build(
                    "the workspace failed while " + doing,
                    last.below("exit code " + ExitCode.inWords(exitCode)),
                    ExitCode.fix(
                            exitCode,
                            "if files there belong to somebody else or the volume is damaged, mvn kube:clean begins a new one"));
        }
    }

    @Override
    public void close() {
        if (!made) {
            return;
        }
        made = false;
        Command command = new Command(List.of("/bin/rm", "-rf", directory()), Map.of(), workspace.root(), false);
        try {
            // Whether it worked does not matter: at the latest it goes with the container.
            workspace.run(command, line -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
