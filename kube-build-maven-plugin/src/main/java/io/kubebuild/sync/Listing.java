package io.kubebuild.sync;

import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a workspace holds, as {@code find} tells it.
 *
 * @param found entries in no order
 */
record Listing(List<Found> found) {

    Listing {
        found = List.copyOf(found);
    }

    private static final String FORMAT = "\"%y %s %i %T@ %m %p\\0\"";

    /**
     * One entry.
     *
     * @param path as it was asked for: relative to the tree's root, or absolute
     * @param type {@code f}, {@code d}, {@code l}, or another letter for sockets and the like
     * @param size bytes
     * @param inode its number on its file system
     * @param mtime nanoseconds since 1970
     * @param mode permission bits
     */
    record Found(String path, char type, long size, long inode, long mtime, int mode) {

        boolean isDirectory() {
            return type == 'd';
        }

        private static Found parse(String text) throws IOException {
            String[] parts = text.split(" ", 6);
            if (parts.length < 6 || parts[0].length() != 1) {
                throw new IOException("find said what cannot be read: " + text);
            }
            String path = parts[5].startsWith("./") ? parts[5].substring(2) : parts[5];
            return new Found(
                    path,
                    parts[0].charAt(0),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    nanos(parts[3]),
                    Integer.parseInt(parts[4], 8));
        }

        /** {@code 1605866400.5000000000} in nanoseconds. */
        private static long nanos(String text) {
            int dot = text.indexOf('.');
            String seconds = dot < 0 ? text : text.substring(0, dot);
            String fraction = dot < 0 ? "" : text.substring(dot + 1);
            return Long.parseLong(seconds) * 1_000_000_000L + Long.parseLong((fraction + "000000000").substring(0, 9));
        }
    }

    /** Everything below the root but what lies in these directories of the root; the root itself is not listed. */
    static Listing ofTree(Workspace workspace, WorkspaceScratch scratch, List<String> leftOut)
            throws IOException, InterruptedException {
        // The arguments end up as: ( -path ./a -o -path ./b ) -prune -o …; -false stands for none.
        String script = "list=$1; shift; for name do set -- \"$@\" -o -path \"./$name\"; shift; done;"
                + " exec find . -mindepth 1 \\( -false \"$@\" \\) -prune -o -printf " + FORMAT + " > \"$list\"";
        return list("listing what it holds", script, leftOut, scratch);
    }

    /** These directories of the tree and everything below. */
    static Listing below(Workspace workspace, WorkspaceScratch scratch, List<String> directories)
            throws IOException, InterruptedException {
        scratch.putLists(Map.of("roots", directories.stream().map(d -> "./" + d).toList()));
        String script =
                "xargs -0 -r sh -c 'exec find \"$@\" -printf " + FORMAT + "' sh" + " < \"${1%/*}/roots\" > \"$1\"";
        return list("listing what removed directories hold", script, List.of(), scratch);
    }

    /** A directory of the tree and everything below; nothing where there is none. */
    static Listing belowIfThere(Workspace workspace, WorkspaceScratch scratch, String directory)
            throws IOException, InterruptedException {
        String script = ": > \"$1\"; if [ -d \"./$2\" ]; then exec find \"./$2\" -printf " + FORMAT + " > \"$1\"; fi";
        return list("listing what it holds", script, List.of(directory), scratch);
    }

    /** Single files by absolute path; those that are not there are left out of the answer. */
    static Listing ofFiles(Workspace workspace, WorkspaceScratch scratch, List<String> files)
            throws IOException, InterruptedException {
        scratch.putLists(Map.of("roots", files));
        String script = "xargs -0 -r sh -c 'find \"$@\" -maxdepth 0 -printf " + FORMAT + " 2>/dev/null; exit 0' sh"
                + " < \"${1%/*}/roots\" > \"$1\"";
        return list("looking at files", script, List.of(), scratch);
    }

    private static Listing list(String doing, String script, List<String> arguments, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        scratch.make();
        List<String> all = new ArrayList<>(List.of(scratch.path("found")));
        all.addAll(arguments);
        scratch.run(doing, script, all);
        List<Found> found = new ArrayList<>();
        for (String item : scratch.readList("found")) {
            found.add(Found.parse(item));
        }
        return new Listing(found);
    }
}
