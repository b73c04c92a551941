package io.kubebuild.tree;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The moment that is stamped into binaries, image configurations and tar headers, so that the same sources give the same bytes.
 *
 * @param epochSeconds seconds since 1970
 * @param source where it comes from, for the log
 */
public record BuildDate(long epochSeconds, String source) {

    /** Directories of the root that a build writes. */
    private static final Set<String> WRITTEN_DIRECTORIES = Set.of(".git", ".make", "_tmp", "_temp");

    /** Files that a build writes back into the tree (kube::build::copy_output, build/common.sh, up to v1.34). */
    private static final Pattern WRITTEN_FILES = Pattern.compile("zz_generated\\..*|generated\\.proto|.*\\.pb\\.go");

    public BuildDate {
        if (epochSeconds < 0) {
            throw new IllegalArgumentException("before 1970: " + epochSeconds);
        }
    }

    /** As upstream stamps it: {@code 2021-01-13T13:19:01Z}. */
    public String iso() {
        return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochSecond(epochSeconds));
    }

    /** Finds build dates of one tree. */
    public static final class Ladder {
        private final TreeRoot tree;
        private final Git git;
        private final Map<String, String> environment;

        /** @param environment of the process, for SOURCE_DATE_EPOCH */
        public Ladder(TreeRoot tree, Git git, Map<String, String> environment) {
            this.tree = tree;
            this.git = git;
            this.environment = Map.copyOf(environment);
        }

        /**
         * The first of: {@code kube.sourceDateEpoch}, {@code project.build.outputTimestamp}, SOURCE_DATE_EPOCH, the time of the
         * stamped commit; then, where the repository does not have that commit (a git archive that was committed anew, a commit
         * given by the user) the time of the commit that is checked out; in a tree without git the newest modification time.
         *
         * <p>The commit that is checked out is the better of what remains: modification times of a checkout say when it was made.
         *
         * @param explicit {@code kube.sourceDateEpoch}
         * @param outputTimestamp {@code project.build.outputTimestamp} in seconds since 1970
         * @param projectFiles paths relative to the root that do not belong to Kubernetes
         * @throws KubeException where a value is no time
         */
        public BuildDate find(
                OptionalLong explicit, OptionalLong outputTimestamp, GitVersion version, List<String> projectFiles) {
            if (explicit.isPresent()) {
                return given(explicit.getAsLong(), "kube.sourceDateEpoch");
            }
            if (outputTimestamp.isPresent()) {
                return given(outputTimestamp.getAsLong(), "project.build.outputTimestamp");
            }
            String variable = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
            if (!variable.isEmpty()) {
                return given(seconds(variable), "SOURCE_DATE_EPOCH");
            }
            if (git.access() instanceof Git.Usable) {
                OptionalLong stamped =
                        version.commit().isEmpty() ? OptionalLong.empty() : git.commitTime(version.commit());
                if (stamped.isPresent()) {
                    return new BuildDate(stamped.getAsLong(), "time of commit " + version.commit());
                }
                OptionalLong head = git.commitTime("HEAD");
                if (head.isPresent()) {
                    return new BuildDate(
                            head.getAsLong(),
                            "time of the commit that is checked out; the repository has no commit " + version.commit());
                }
            }
            return new BuildDate(newest(projectFiles), "newest modification time in the tree");
        }

        private long newest(List<String> projectFiles) {
            Newest newest = new Newest(tree.path(), projectFiles);
            try {
                Files.walkFileTree(tree.path(), newest);
            } catch (IOException e) {
                throw KubeException.build(
                        "the tree " + tree.path() + " cannot be read",
                        String.valueOf(e.getMessage()),
                        "make it readable, or give the build date: -Dkube.sourceDateEpoch=<seconds since 1970>",
                        e);
            }
            return newest.seconds;
        }

        private static long seconds(String variable) {
            try {
                return Long.parseLong(variable.strip());
            } catch (NumberFormatException e) {
                throw KubeException.user(
                        "the environment variable SOURCE_DATE_EPOCH is " + variable,
                        "it must be a number of seconds since 1970",
                        "correct or unset it, or -Dkube.sourceDateEpoch=<seconds>");
            }
        }

        private static BuildDate given(long seconds, String source) {
            if (seconds < 0) {
                throw KubeException.user(
                        source + " is " + seconds, "it must be a number of seconds since 1970", "give 0 or more");
            }
            return new BuildDate(seconds, source);
        }
    }

    private static final class Newest extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<String> projectFiles;
        private long seconds;

        Newest(Path root, List<String> projectFiles) {
            this.root = root;
            this.projectFiles = Set.copyOf(projectFiles);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isOwn(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName());
            if (attributes.isRegularFile() && !WRITTEN_FILES.matcher(name).matches() && !isOwn(file)) {
                seconds = Math.max(
                        seconds, attributes.lastModifiedTime().toInstant().getEpochSecond());
            }
            return FileVisitResult.CONTINUE;
        }

        private boolean isOwn(Path path) {
            String name = root.relativize(path).toString();
            return projectFiles.contains(name)
                    || (root.equals(path.getParent())
                            && (name.startsWith("_output")
                                    || WRITTEN_DIRECTORIES.contains(name)
                                    || name.equals(GitVersion.FILE)));
        }
    }
}
