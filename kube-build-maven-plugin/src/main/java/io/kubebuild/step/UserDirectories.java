package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.workspace.Invoker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Places of the user who runs Maven: the home directory, and what outlives a build (locks, base images, Go SDKs, workspaces on this
 * machine). Java says {@code ?} for the home of a user without an entry in passwd, which would be a directory of the tree; containers
 * give such users {@code /}, where they may not write.
 */
final class UserDirectories {

    /** Debian's name for a home that is none: nothing is ever found there. */
    private static final Path NO_HOME = Path.of("/nonexistent");

    private static final String NAME = "kube-build";

    private final Map<String, String> environment;
    private final String userHome;
    private final Path temporary;
    private final int uid;

    /**
     * What the system says of the user.
     *
     * @param environment HOME and XDG_CACHE_HOME
     * @param userHome what Java takes for the home directory
     * @param temporary directory for files that do not stay, which others may write to as well
     * @param uid number of the user
     */
    UserDirectories(Map<String, String> environment, String userHome, Path temporary, int uid) {
        this.environment = Map.copyOf(environment);
        this.userHome = userHome;
        this.temporary = temporary;
        this.uid = uid;
    }

    /** Of the user who runs this process. */
    static UserDirectories of(BuildRequest request) {
        return new UserDirectories(
                request.environment(),
                System.getProperty("user.home", ""),
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")),
                Invoker.owner().uid());
    }

    /** For what is looked for there; need not exist. */
    Path home() {
        return namedHome().orElse(NO_HOME);
    }

    private Optional<Path> namedHome() {
        return absolute(environment.getOrDefault("HOME", "")).or(() -> absolute(userHome));
    }

    /**
     * Where to keep what outlives a build; need not exist, unless it is in the temporary directory, where it is made.
     *
     * @throws KubeException where somebody else made the one in the temporary directory
     */
    Path cache() {
        return lasting().orElseGet(this::inTemporary);
    }

    private Optional<Path> lasting() {
        return absolute(environment.getOrDefault("XDG_CACHE_HOME", ""))
                .or(() -> namedHome().map(home -> home.resolve(".cache")).filter(UserDirectories::canBeMade))
                .map(base -> base.resolve(NAME));
    }

    /** A line about a place that is not the usual one. */
    Optional<BuildListener.Fact> remark() {
        if (lasting().isPresent()) {
            return Optional.empty();
        }
        String why = namedHome()
                .map(home -> "the home directory " + home + " cannot be written to")
                .orElse("there is no home directory: HOME is not set, and this user is not in passwd");
        return Optional.of(new BuildListener.Fact(
                "cache",
                why + "; locks, base images and Go SDKs are kept in " + inTemporaryName()
                        + " (XDG_CACHE_HOME=DIRECTORY names a place that lasts)"));
    }

    private Path inTemporaryName() {
        return temporary.toAbsolutePath().resolve(NAME + "-" + uid);
    }

    private Path inTemporary() {
        Path directory = inTemporaryName();
        try {
            return OwnFiles.privateDirectory(directory, uid);
        } catch (IOException e) {
            throw KubeException.user(
                    "there is no place for what outlives a build",
                    "there is no home directory to write to, and " + directory + " cannot be used: " + e.getMessage(),
                    "name a directory of this user: XDG_CACHE_HOME=DIRECTORY");
        }
    }

    private static boolean canBeMade(Path directory) {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return Files.isDirectory(there) && Files.isWritable(there);
    }

    /** What is relative would lie in the tree; the specification of XDG_CACHE_HOME has it ignored, too. */
    private static Optional<Path> absolute(String text) {
        try {
            return Optional.of(text)
                    .filter(path -> !path.isBlank())
                    .map(Path::of)
                    .filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
