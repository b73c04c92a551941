package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goals are called by the prefix {@code kube}, wherever the plugin came from. */
class PrefixIT {

    private final Path directory;

    PrefixIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void anInstallMakesThePrefixKnown(Maven maven) throws IOException {
        Path repository = directory.resolve("repository");

        PluginProject.copiedTo(directory)
                .maven(maven, repository, "install")
                .execute()
                .succeeded();

        assertThat(repository.resolve(PluginProject.PREFIXES)).content().contains("<prefix>kube</prefix>");
        help(maven, repository, List.of());
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void aDeployMakesThePrefixKnown(Maven maven) throws IOException {
        Path server = Files.createDirectory(directory.resolve("server"));

        PluginProject.copiedTo(directory)
                .maven(maven, directory.resolve("repository"), "deploy")
                .parameter("altDeploymentRepository", "server::default::" + server.toUri())
                .execute()
                .succeeded();

        assertThat(server.resolve("io/kubebuild/maven-metadata.xml")).content().contains("<prefix>kube</prefix>");
        help(maven, directory.resolve("another"), List.of(server));
    }

    private void help(Maven maven, Path repository, List<Path> servers) throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        MavenBuild.in(empty)
                .with(maven)
                .repository(repository)
                .run("--settings", PluginProject.settings(directory.resolve("settings.xml"), servers))
                .goal("help")
                .execute()
                .succeeded()
                .says("kube:release");
    }
}
