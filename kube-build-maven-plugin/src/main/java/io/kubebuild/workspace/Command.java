package io.kubebuild.workspace;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command to run in a workspace.
 *
 * @param argv program and arguments
 * @param environment variables; {@code cleanEnvironment} says whether they replace the workspace's own or are added
 * @param directory where to run; PWD is set to exactly this path, symbolic links included
 * @param cleanEnvironment whether the environment is exactly {@code environment}
 */
public record Command(List<String> argv, Map<String, String> environment, String directory, boolean cleanEnvironment) {
    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /** A command with the workspace's own environment plus these variables. */
    public static Command in(String directory, Map<String, String> environment, String... argv) {
        return new Command(List.of(argv), environment, directory, false);
    }

    /** {@code env -i …} form of this command, under umask 0022, for implementations whose exec can only add variables. */
    public List<String> asCleanArgv() {
        List<String> words = new java.util.ArrayList<>(List.of("/usr/bin/env", "-i"));
        new TreeMap<>(environment).forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("/bin/sh", "-c", "umask 0022; exec \"$@\"", "sh"));
        words.addAll(argv);
        return words;
    }
}
