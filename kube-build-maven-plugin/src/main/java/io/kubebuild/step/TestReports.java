package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.gotest.PackageResult;
import io.kubebuild.gotest.TestRun;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.RawName;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** What the tree's tests left in the workspace: events become results, reports that the tree has made itself are taken as they are. */
final class TestReports {

    /** go cuts what tests print into events of 4 kB. */
    private static final int LONGEST_LINE = 1 << 20;

    private final Path directory;
    private final BuildListener listener;
    private final TestRun events = new TestRun();
    private boolean ready;

    /** @param directory for reports on this machine */
    TestReports(Path directory, BuildListener listener) {
        this.directory = directory;
        this.listener = listener;
    }

    /** Reads a directory of the workspace. */
    List<PackageResult> fetch(Workspace workspace, String path) throws IOException {
        try (InputStream stream = workspace.get(path);
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.TEST_REPORTS)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                take(next.get(), tar);
            }
        }
        if (events.packages().isEmpty() && !ready) {
            listener.on(new BuildListener.Warning(
                    "the tests left no events to make reports of: hack/make-rules/test.sh of this tree writes none"));
        }
        return events.packages();
    }

    private void take(TarArchiveEntry entry, InputStream tar) throws IOException {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && name.endsWith(".stdout")) {
            events(new BufferedReader(new InputStreamReader(tar, StandardCharsets.UTF_8)));
        } else if (entry.isFile() && name.endsWith(".xml")) {
            AtomicFile.write(RawName.resolve(directory, "TEST-" + name), draft -> draft.content(tar));
            ready = true;
        }
    }

    /** By hand, because a line without an end would fill the memory. The reader stays open: it would close the archive. */
    private void events(Reader text) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = text.read(); c >= 0; c = text.read()) {
            if (c == '\n') {
                events.line(line.toString());
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
        events.line(line.toString());
    }
}
