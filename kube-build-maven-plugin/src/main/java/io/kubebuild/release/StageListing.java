package io.kubebuild.release;

import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.problem.KubeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@code stage.sh} writes down about a tarball: a line with the directory, then NUL-delimited fields. */
final class StageListing {

    private static final int FIELDS = 5;

    private StageListing() {}

    static StagedTarball parse(String name, String text) {
        int newline = text.indexOf('\n');
        String[] fields =
                newline < 0 ? new String[0] : text.substring(newline + 1).split("\0", -1);
        // The text ends with a NUL: one empty field too many.
        if (fields.length < 1 + FIELDS || (fields.length - 1) % FIELDS != 0) {
            throw KubeException.build(
                    "The recorded listing of " + name + " is not complete",
                    (fields.length - 1) + " fields in it are no multiple of " + FIELDS,
                    "Run again; if it stays, package what was compiled with the tree's own script: build/package-tarballs.sh");
        }
        List<Found> found = new ArrayList<>();
        for (int i = 0; i + FIELDS < fields.length; i += FIELDS) {
            found.add(new Found(
                    fields[i], Integer.parseInt(fields[i + 1], 8), fields[i + 2], fields[i + 3], fields[i + 4]));
        }
        // By path component, so that a directory comes before its content and nothing comes between the two.
        found.sort(Comparator.comparing(entry -> entry.path().replace('/', '\0')));
        Map<String, String> firstOfInode = new HashMap<>();
        List<TarballEntry> entries = new ArrayList<>();
        for (Found entry : found) {
            entries.add(entry.toEntry(name, firstOfInode));
        }
        String directory = text.substring(0, newline);
        if (!ConfinedDirectory.isConfined(directory)) {
            throw refused(name, directory);
        }
        return new StagedTarball(name, directory, entries);
    }

    private static KubeException refused(String tarball, String path) {
        return KubeException.build(
                "The recorded listing of " + tarball + " is not taken: it names '" + path + "'",
                "that path leads out of the stage",
                "Look for what the tree's packaging scripts do with this path, or package what was compiled with the tree's own"
                        + " script: build/package-tarballs.sh");
    }

    private record Found(String type, int mode, String inode, String path, String link) {

        TarballEntry toEntry(String tarball, Map<String, String> firstOfInode) {
            if (!ConfinedDirectory.isConfined(path)) {
                throw refused(tarball, path);
            }
            return switch (type) {
                case "d" -> TarballEntry.directory(path, mode);
                case "l" -> TarballEntry.symbolicLink(path, mode, link);
                case "f" -> {
                    // tar writes a second name of a file that it has written as a hard link.
                    String first = firstOfInode.putIfAbsent(inode, path);
                    yield first == null ? TarballEntry.file(path, mode) : TarballEntry.hardLink(path, mode, first);
                }
                default ->
                    throw KubeException.build(
                            tarball + " would hold " + path + ", which is neither file nor directory nor link",
                            "find calls it '" + type + "'",
                            "Remove it from the tree, or package what was compiled with the tree's own script: build/package-tarballs.sh");
            };
        }
    }
}
