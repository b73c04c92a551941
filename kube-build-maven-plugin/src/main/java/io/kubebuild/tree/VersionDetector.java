package io.kubebuild.tree;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the version of a tree by the rules of its own kube::version::get_version_vars (hack/lib/version.sh): the version file,
 * else what git archive wrote into the script, else git.
 *
 * <p>Environment variables keep the rank that the script gives them: a commit and a tree state from the environment are
 * replaced by those of an archive. What the user gave in the POM or by {@code -D} wins over everything.
 */
public final class VersionDetector {

    private final TreeRoot tree;
    private final Git git;
    private final Map<String, String> environment;
    private final VersionScript script;

    /** @param environment of the process, for upstream's KUBE_GIT_* variables */
    public VersionDetector(TreeRoot tree, Git git, Map<String, String> environment) {
        this.tree = tree;
        this.git = git;
        this.environment = Map.copyOf(environment);
        this.script = VersionScript.of(tree.text("hack/lib/version.sh").orElse(""));
    }

    /**
     * Finds the version.
     *
     * @param projectFiles paths relative to the root that never make the tree dirty ({@code pom.xml}, {@code .mvn})
     * @throws KubeException with every problem: bad overrides, no version to be had, a version that the tree refuses
     */
    public DetectedVersion detect(VersionOverrides overrides, List<String> projectFiles) {
        List<Problem> problems = new ArrayList<>(overrides.problems());
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
        Git.Access access = git.access();
        DetectedVersion.RealState real = realState(access, projectFiles);
        List<String> notes = new ArrayList<>();
        String file = environment.getOrDefault("KUBE_GIT_VERSION_FILE", "");
        GitVersion version = file.isEmpty()
                ? fromTree(overrides, access, real, notes)
                : overridden(fromFile(file, notes), overrides, notes);
        if (version.version().isEmpty()) {
            throw KubeException.user(List.of(noVersion(access, version.commit())));
        }
        // A version file is taken as it is, as upstream does; a wrong override is caught in both cases.
        if (script.refusesOtherThanSemver()
                && (file.isEmpty() || overrides.gitVersion().isPresent())) {
            version.semverProblem().ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
        return new DetectedVersion(version, real, notes);
    }

    private GitVersion fromFile(String name, List<String> notes) {
        Path file = tree.path().resolve(name);
        String fix = "correct or unset KUBE_GIT_VERSION_FILE";
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw KubeException.user("the version file " + file + " cannot be read", String.valueOf(e), fix);
        }
        notes.add("version from the file " + file + " (KUBE_GIT_VERSION_FILE)");
        return GitVersion.parse(text)
                .orElseThrow(() -> KubeException.user(
                        "the version file " + file + " is not understood",
                        "it may hold lines like KUBE_GIT_VERSION='v1.20.2' and comments, nothing else",
                        fix));
    }

    private GitVersion fromTree(
            VersionOverrides overrides, Git.Access access, DetectedVersion.RealState real, List<String> notes) {
        String commit = environment.getOrDefault("KUBE_GIT_COMMIT", "");
        String state = environment.getOrDefault("KUBE_GIT_TREE_STATE", "");
        String version = environment.getOrDefault("KUBE_GIT_VERSION", "");
        if (script.archive().isPresent()) {
            VersionScript.Archive archive = script.archive().get();
            commit = archive.commit();
            state = archive.treeState();
            version = archive.version().orElse(version);
            notes.add("the tree comes from git archive of commit " + commit);
        }
        commit = overrides.commit().orElse(commit);
        state = overrides.treeState().orElse(state);
        boolean usable = access instanceof Git.Usable;
        if (commit.isEmpty() && usable) {
            commit = git.head().orElse("");
        }
        if (commit.isEmpty()) {
            // Without a commit the script looks at nothing further: values of the environment stay as they are.
            return overridden(stamp("", state, version), overrides, notes);
        }
        if (state.isEmpty()) {
            state = real instanceof DetectedVersion.Clean ? "clean" : "dirty";
        }
        if (overrides.gitVersion().isEmpty()) {
            if (version.isEmpty() && usable) {
                version = git.describe(commit, script.tagMatch()).orElse("");
            }
            if (!version.isEmpty()) {
                version = script.rewrite(version) + (state.equals("dirty") ? "-dirty" : "");
            }
        }
        return overridden(withMajorMinor(stamp(commit, state, version)), overrides, notes);
    }

    private GitVersion stamp(String commit, String state, String version) {
        try {
            return new GitVersion(
                    commit,
                    state,
                    version,
                    environment.getOrDefault("KUBE_GIT_MAJOR", ""),
                    environment.getOrDefault("KUBE_GIT_MINOR", ""));
        } catch (IllegalArgumentException e) {
            throw KubeException.user(
                    "a KUBE_GIT_* variable of the environment holds a quote or a line break",
                    String.valueOf(e.getMessage()),
                    "correct or unset it");
        }
    }

    private GitVersion withMajorMinor(GitVersion found) {
        Optional<VersionScript.MajorMinor> parts = script.majorMinor(found.version());
        return new GitVersion(
                found.commit(),
                found.treeState(),
                found.version(),
                parts.map(VersionScript.MajorMinor::major).orElse(found.major()),
                parts.map(VersionScript.MajorMinor::minor).orElse(found.minor()));
    }

    private GitVersion overridden(GitVersion found, VersionOverrides overrides, List<String> notes) {
        overrides.gitVersion().ifPresent(value -> notes.add("version from kube.git.version: " + value));
        overrides.treeState().ifPresent(value -> notes.add("tree state from kube.git.treeState: " + value));
        overrides.commit().ifPresent(value -> notes.add("commit from kube.git.commit: " + value));
        GitVersion result = new GitVersion(
                overrides.commit().orElse(found.commit()),
                overrides.treeState().orElse(found.treeState()),
                overrides.gitVersion().orElse(found.version()),
                found.major(),
                found.minor());
        return overrides.gitVersion().isPresent() ? withMajorMinor(result) : result;
    }

    private DetectedVersion.RealState realState(Git.Access access, List<String> projectFiles) {
        if (!(access instanceof Git.Usable)) {
            return new DetectedVersion.NoGit(git.reason(access));
        }
        List<String> files = git.changed().stream()
                .flatMap(path -> withinUntracked(path, projectFiles))
                .filter(path -> projectFiles.stream().noneMatch(own -> isWithin(path, own)))
                .toList();
        return files.isEmpty() ? new DetectedVersion.Clean(git.head().orElse("")) : new DetectedVersion.Dirty(files);
    }

    /** Git tells of a directory in which it tracks nothing as a whole; what is in it may be the project's alone. */
    private Stream<String> withinUntracked(String path, List<String> projectFiles) {
        boolean divided = path.endsWith("/") && projectFiles.stream().anyMatch(own -> own.startsWith(path));
        return divided ? git.untracked(path).stream() : Stream.of(path);
    }

    private static boolean isWithin(String path, String own) {
        String name = own.endsWith("/") ? own.substring(0, own.length() - 1) : own;
        return path.equals(name) || path.startsWith(name + "/");
    }

    private Problem noVersion(Git.Access access, String commit) {
        String what = "the version of the tree " + tree.path() + " cannot be determined";
        String give = "-Dkube.git.version=v<major>.<minor>.<patch>";
        if (access instanceof Git.NoProgram) {
            return new Problem(what, git.reason(access), "install git, or " + give);
        }
        if (access instanceof Git.DubiousOwnership dubious) {
            return new Problem(
                    what,
                    git.reason(access),
                    "git config --global --add safe.directory " + dubious.repository() + ", or " + give);
        }
        if (!(access instanceof Git.Usable)) {
            return new Problem(
                    what,
                    git.reason(access) + ", and hack/lib/version.sh carries no version of a git archive",
                    give + " -Dkube.git.commit=<commit>");
        }
        if (git.commitTime(commit).isEmpty()) {
            return new Problem(what, "the repository has no commit " + commit, "git fetch it, or " + give);
        }
        String tags = script.tagMatch().map(glob -> "a tag " + glob).orElse("a tag");
        if (git.shallow()) {
            return new Problem(
                    what,
                    "the clone is shallow: its history ends before " + tags,
                    "git fetch --unshallow --tags, or " + give);
        }
        return new Problem(what, "no commit before " + commit + " has " + tags, "git fetch --tags, or " + give);
    }
}
