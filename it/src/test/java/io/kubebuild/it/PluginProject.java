package io.kubebuild.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The plugin's own project, for installing and deploying it as whoever builds it does. It is a copy with what has been compiled already:
 * a test must neither compile it again nor put it into the user's repository.
 */
final class PluginProject {

    /** Where a local repository has the prefixes of the plugin's group. */
    static final String PREFIXES = "io/kubebuild/maven-metadata-local.xml";

    private static final String MODULE = "kube-build-maven-plugin";

    private final Path directory;

    private PluginProject(Path directory) {
        this.directory = directory;
    }

    static PluginProject copiedTo(Path parent) {
        Path root = Bench.directory("it.root");
        Path copy = parent.resolve("plugin");
        try {
            for (String pom : List.of("pom.xml", "it/pom.xml", MODULE + "/pom.xml")) {
                Files.createDirectories(copy.resolve(pom).getParent());
                Files.copy(root.resolve(pom), copy.resolve(pom));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String part : List.of("src/main", "target/classes")) {
            SampleTree.copy(
                    root.resolve(MODULE).resolve(part), copy.resolve(MODULE).resolve(part));
        }
        return new PluginProject(copy);
    }

    /** Maven on the plugin and its parent, with a local repository. */
    MavenBuild maven(Maven maven, Path repository, String... words) {
        return MavenBuild.in(directory)
                .with(maven)
                .repository(repository)
                .run("--settings", settings(directory.resolve("settings.xml"), List.of()))
                .run("-pl", MODULE, "-am", "-DskipITs", "-Djacoco.skip", "-Denforcer.skip")
                .parameter("spotless.check.skip", "true")
                .parameter("maven.main.skip", "true")
                .parameter("maven.test.skip", "true")
                .run(words);
    }

    /**
     * Writes a settings.xml with which Maven takes artifacts from directories before it asks a server: from the local repository of who runs
     * the tests, and from others.
     *
     * @return its path
     */
    static String settings(Path file, List<Path> others) {
        StringBuilder repositories = new StringBuilder();
        for (String kind : List.of("repository", "pluginRepository")) {
            repositories.append("<").append(kind.replaceFirst("y$", "ies")).append(">");
            for (int i = 0; i < others.size(); i++) {
                repositories.append(repository(kind, "other-" + i, others.get(i)));
            }
            repositories
                    .append(repository(kind, "user", Bench.directory("it.local")))
                    .append("</")
                    .append(kind.replaceFirst("y$", "ies"))
                    .append(">");
        }
        try {
            Files.writeString(
                    file,
                    "<settings><profiles><profile><id>files</id>" + repositories
                            + "</profile></profiles><activeProfiles><activeProfile>files</activeProfile></activeProfiles></settings>");
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String repository(String kind, String id, Path directory) {
        return "<" + kind + "><id>" + id + "</id><url>" + directory.toUri()
                + "</url><releases><checksumPolicy>ignore</checksumPolicy></releases></" + kind + ">";
    }

    /**
     * Lets goals be called by their prefix from the repository of all tests. The tool that puts the plugin there does not write the prefix
     * with every Maven; an install does.
     */
    static synchronized void ensurePrefix() {
        Path prefixes = Bench.directory("it.repository").resolve(PREFIXES);
        if (Files.exists(prefixes)) {
            return;
        }
        try {
            Path work = Files.createDirectories(Bench.directory("it.work"));
            try (FileChannel channel = FileChannel.open(
                            work.resolve("prefix.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(prefixes)) {
                    Path installed = Files.createTempDirectory(work, "prefix");
                    copiedTo(installed)
                            .maven(Maven.MAVEN_3_8, installed.resolve("repository"), "install")
                            .execute()
                            .succeeded();
                    Path part = prefixes.resolveSibling("prefixes.part");
                    Files.copy(installed.resolve("repository").resolve(PREFIXES), part);
                    Files.move(part, prefixes, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
