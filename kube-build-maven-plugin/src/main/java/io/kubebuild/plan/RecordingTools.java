package io.kubebuild.plan;

import io.kubebuild.io.TarOutput;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The recording tools and the list of requested targets, as a tar stream into a workspace. */
final class RecordingTools implements Workspace.TarWriter {

    /** The tools with which versions of {@code place_bins} copy, link and remove. */
    private static final List<String> PLACING = List.of("rsync", "cp", "install", "ln", "rm");

    private final List<Target> requested;
    private final Workspace.Owner owner;

    RecordingTools(List<Target> requested, Workspace.Owner owner) {
        this.requested = List.copyOf(requested);
        this.owner = owner;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("record.sh", resource("record.sh"));
        files.put("told.sh", resource("told.sh"));
        files.put("bin/go", resource("go"));
        files.put("bin/make", resource("make"));
        files.put("bin/date", resource("date"));
        for (String tool : PLACING) {
            files.put("bin/" + tool, resource("place"));
        }
        files.put("requested", requestedList().getBytes(StandardCharsets.UTF_8));
        files.put("directories", directories().getBytes(StandardCharsets.UTF_8));

        TarArchiveOutputStream tar = TarOutput.to(out);
        TarArchiveEntry directory = new TarArchiveEntry("bin/");
        directory.setMode(0755);
        directory.setIds(owner.uid(), owner.gid());
        tar.putArchiveEntry(directory);
        tar.closeArchiveEntry();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
            entry.setMode(0755);
            entry.setIds(owner.uid(), owner.gid());
            entry.setSize(file.getValue().length);
            tar.putArchiveEntry(entry);
            tar.write(file.getValue());
            tar.closeArchiveEntry();
        }
        tar.finish();
    }

    /** The requested packages as {@code kube::golang::best_guess_go_targets} writes them, one a line. */
    private String directories() {
        return requested.stream()
                .map(Target::directory)
                .distinct()
                .sorted()
                .map(directory -> "./" + directory + "\n")
                .collect(Collectors.joining());
    }

    /** Two shell functions that say whether a word is the package of a requested program or test. */
    private String requestedList() {
        return function("requested_program", target -> !target.isTest()) + function("requested_test", Target::isTest);
    }

    private String function(String name, Predicate<Target> which) {
        String patterns = requested.stream()
                .filter(which)
                .map(Target::shellPattern)
                .distinct()
                .sorted()
                .collect(Collectors.joining("|\\\n"));
        String match = patterns.isEmpty() ? "" : "case $1 in\n" + patterns + ") return 0 ;;\nesac\n";
        return name + "() {\n" + match + "return 1\n}\n";
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = RecordingTools.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the plugin's jar lacks " + name);
            }
            return in.readAllBytes();
        }
    }
}
