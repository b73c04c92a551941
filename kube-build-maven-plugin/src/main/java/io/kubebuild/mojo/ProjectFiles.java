package io.kubebuild.mojo;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Files that lie in the tree and are none of Kubernetes': those of Maven projects, and what Maven, its usual plugins and Eclipse's m2e write
 * beside them. Without a POM in use they are the same, so that both ways see the same tree. What git tracks is a source all the same;
 * that is found out later.
 */
final class ProjectFiles {

    /** The one list of names. */
    private static final List<String> BESIDE_POM = List.of(
            // Maven, its wrapper, and the local repository that pipelines keep in the checkout.
            ".mvn",
            "mvnw",
            "mvnw.cmd",
            "mvnwDebug",
            "mvnwDebug.cmd",
            ".m2",
            // flatten, ci-friendly-flatten, shade, release, polyglot
            ".flattened-pom.xml",
            ".ci-friendly-pom.xml",
            "dependency-reduced-pom.xml",
            "release.properties",
            ".polyglot.pom.xml",
            // m2e, and what imports Maven projects into IntelliJ
            ".project",
            ".classpath",
            ".settings",
            ".factorypath",
            ".apt_generated",
            ".apt_generated_tests",
            ".idea");

    /** What the plugins versions and release write beside a POM begins with its name. */
    private static final List<String> BEHIND_POM =
            List.of("", ".versionsBackup", ".releaseBackup", ".tag", ".next", ".branch");

    /** Also a pattern of rsync, so it has no characters that mean more than themselves there. */
    private static final Pattern PATH = Pattern.compile("(?!.*(?:^|/)\\.{1,2}(?:/|$))[\\w.+@-]+(?:/[\\w.+@-]+)*");

    static final String ALLOWED = "a path below the tree, relative to it, such as ci/reports";

    private ProjectFiles() {}

    /**
     * Paths relative to the tree.
     *
     * @param projects all of the build
     * @param more what the user has named
     */
    static List<String> below(Path tree, Collection<MavenProject> projects, List<String> more) {
        Set<Path> files = new LinkedHashSet<>();
        add(files, tree, tree.resolve("pom.xml"), tree.resolve("target"));
        for (MavenProject project : projects) {
            if (project.getFile() != null) {
                add(
                        files,
                        project.getBasedir().toPath(),
                        project.getFile().toPath(),
                        Path.of(project.getBuild().getDirectory()));
            }
        }
        more.forEach(path -> files.add(tree.resolve(path)));
        return files.stream()
                .map(file -> file.toAbsolutePath().normalize())
                .filter(file -> file.startsWith(tree) && !file.equals(tree))
                .map(file -> tree.relativize(file).toString().replace('\\', '/'))
                .distinct()
                .toList();
    }

    private static void add(Set<Path> files, Path directory, Path pom, Path target) {
        BEHIND_POM.forEach(end -> files.add(pom.resolveSibling(pom.getFileName() + end)));
        files.add(target);
        BESIDE_POM.forEach(name -> files.add(directory.resolve(name)));
    }

    /** Those of {@code kube.projectFiles} that are paths; what else it says is refused elsewhere. */
    static List<String> named(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream()
                        .filter(Objects::nonNull)
                        .flatMap(value -> Stream.of(value.split("[,\\s]+", -1)))
                        .flatMap(word -> parse(word).stream())
                        .toList();
    }

    /** A path as {@code kube.projectFiles} may name it; without a slash at its end. */
    static Optional<String> parse(String word) {
        String path = word.replaceFirst("^\\./", "").replaceFirst("/$", "");
        return Optional.of(path).filter(text -> PATH.matcher(text).matches());
    }
}
