package io.kubebuild.tree;

import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the user gave in the POM or by {@code -D}. It always wins, also over archive markers, and is stamped exactly as given.
 *
 * @param gitVersion {@code kube.git.version}
 * @param treeState {@code kube.git.treeState}
 * @param commit {@code kube.git.commit}
 */
public record VersionOverrides(Optional<String> gitVersion, Optional<String> treeState, Optional<String> commit) {

    /** Nothing given. */
    public static final VersionOverrides NONE =
            new VersionOverrides(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Set<String> STATES = Set.of("clean", "dirty", "archive");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** Everything wrong with the values themselves. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        treeState
                .filter(state -> !STATES.contains(state))
                .ifPresent(state -> problems.add(new Problem(
                        "kube.git.treeState is " + state,
                        "Kubernetes knows clean, dirty and archive",
                        "-Dkube.git.treeState=clean, or leave it out")));
        commit.filter(id -> !COMMIT.matcher(id).matches())
                .ifPresent(id -> problems.add(new Problem(
                        "kube.git.commit is " + id,
                        "a commit id is 7 to 64 of the characters 0-9 and a-f",
                        "-Dkube.git.commit=$(git rev-parse HEAD), or leave it out")));
        gitVersion
                .filter(version -> version.contains("'") || version.contains("\n") || version.isBlank())
                .ifPresent(version -> problems.add(new Problem(
                        "kube.git.version is \"" + version + "\"",
                        "it is empty or has a character that cannot be stamped",
                        "-Dkube.git.version=v1.20.2")));
        return problems;
    }
}
