package io.kubebuild.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What two go commands must share to be one command for the packages of both.
 *
 * @param directory where they run
 * @param head the words before the packages
 * @param environment all variables but those that cannot matter
 */
record MergeKey(String directory, List<String> head, Map<String, String> environment) {

    /** Variables that go and the tools it starts never read, each with what it is. */
    static final Set<String> CANNOT_MATTER = Set.of(
            // What the script was asked for; by the time that go is called it has become packages, GOOS and GOARCH.
            "WHAT",
            "KUBE_BUILD_PLATFORMS",
            // make's own notes to the makes that it starts; go starts none.
            "MAKEFLAGS",
            "MFLAGS",
            "MAKELEVEL",
            "MAKEOVERRIDES",
            "MAKEFILES",
            "MAKEFILE_LIST",
            "MAKECMDGOALS",
            "MAKE_TERMOUT",
            "MAKE_TERMERR",
            "MAKE_RESTARTS",
            // How many shells deep the caller was.
            "SHLVL",
            // The caller's last command, set anew by every shell.
            "_",
            // Where the caller was before; PWD, where it is, does matter and stays in the key.
            "OLDPWD");

    static MergeKey of(GoCommand command) {
        SortedMap<String, String> environment = new TreeMap<>(command.environment());
        environment.keySet().removeAll(CANNOT_MATTER);
        return new MergeKey(command.directory(), command.head(), environment);
    }

    /** The first thing in which two keys differ, for messages. */
    String difference(MergeKey other) {
        if (!directory.equals(other.directory)) {
            return "directory: " + directory + " and " + other.directory;
        }
        if (!head.equals(other.head)) {
            return "flags: " + String.join(" ", head) + " and " + String.join(" ", other.head);
        }
        Set<String> names = new java.util.TreeSet<>(environment.keySet());
        names.addAll(other.environment.keySet());
        for (String name : names) {
            String mine = environment.getOrDefault(name, "(unset)");
            String theirs = other.environment.getOrDefault(name, "(unset)");
            if (!mine.equals(theirs)) {
                return name + ": " + mine + " and " + theirs;
            }
        }
        return "nothing";
    }
}
