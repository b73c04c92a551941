package io.kubebuild.mojo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;

/** The files of a Maven project that lie in the tree and are none of Kubernetes'. */
final class ProjectFiles {

    /** Where a project usually has them; also without a POM in use, so that both ways see the same tree. */
    static final List<String> USUAL = List.of("pom.xml", ".mvn", "target");

    private ProjectFiles() {}

    /** Paths relative to the tree: the usual ones, and where this project has them. */
    static List<String> below(Path tree, MavenProject project) {
        List<String> files = new ArrayList<>(USUAL);
        Stream.of(
                        project.getFile().toPath(),
                        project.getBasedir().toPath().resolve(".mvn"),
                        Path.of(project.getBuild().getDirectory()))
                .map(file -> file.toAbsolutePath().normalize())
                .filter(file -> file.startsWith(tree) && !file.equals(tree))
                .map(file -> tree.relativize(file).toString().replace('\\', '/'))
                .filter(file -> !files.contains(file))
                .forEach(files::add);
        return files;
    }
}
