package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A tree whose scripts and files reach for the host. */
@RequiresEngine
@Tag("more")
@TestInstance(Lifecycle.PER_CLASS)
class HostileTreeIT {

    private static final String RELEASE_SCRIPT = "build/lib/release.sh";

    private final SampleTree tree;
    private final Path host;
    private final Path victim;
    private final String script;
    private final MavenResult released;

    HostileTreeIT(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
        host = elsewhere.toRealPath();
        victim = Files.writeString(host.resolve("victim"), "precious");
        tree = SampleTree.in(directory);
        script = tree.read(RELEASE_SCRIPT);
        released = releaseWithLinks();
    }

    @BeforeAll
    void requireRelease() {
        released.succeeded();
    }

    @AfterAll
    void removeWorkspace() {
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    private MavenResult releaseWithLinks() throws IOException {
        Path state = Files.createDirectories(tree.file("_output/kube-build-plugin"));
        for (Path link : List.of(
                tree.file(".dockerized-kube-version-defs"),
                tree.file(".dockerized-kube-version-defs.part"),
                state.resolve("verified.json"),
                state.resolve("verified.json.part"),
                state.resolve("cross-compile.log"),
                state.resolve("generated-files.log"))) {
            Files.createSymbolicLink(link, victim);
        }
        packagingAlsoRuns("""
                mkdir -p "${RELEASE_STAGE}/ctx"
                ln -sf VICTIM "${RELEASE_STAGE}/ctx/.kube-build.Dockerfile"
                printf 'FROM scratch\\n' >/tmp/x.df
                "${DOCKER[@]}" build -f /tmp/x.df -t hostile:1 "${RELEASE_STAGE}/ctx"
                """);
        return release().environment("GIT_DIR", anotherRepository().toString()).execute();
    }

    /** Where git would look if it went by the environment. */
    private Path anotherRepository() throws IOException {
        Path other = Files.createDirectories(host.resolve("other"));
        Path repository = Files.createDirectories(other.resolve(".git"));
        Files.createDirectories(repository.resolve("objects"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("HEAD"), "ref: refs/heads/main\n");
        return repository;
    }

    private void packagingAlsoRuns(String commands) {
        tree.write(
                RELEASE_SCRIPT,
                script.replace(
                        "    mkdir -p \"${images}\"\n",
                        "    mkdir -p \"${images}\"\n" + commands.replace("VICTIM", victim.toString())));
    }

    private MavenBuild release() {
        return MavenBuild.in(tree.directory()).goal("release").parameter("kube.platforms", "linux/amd64");
    }

    @Test
    void nothingIsWrittenThroughLinks() throws IOException {
        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(tree.file(".dockerized-kube-version-defs")))
                .isFalse();
        try (Stream<Path> files = Files.list(host)) {
            assertThat(files).containsExactlyInAnyOrder(victim, host.resolve("other"));
        }
    }

    @Test
    void theTreesOwnCommitIsBuilt() {
        released.says("build date: 2021-01-13T13:20:00Z (time of commit ");
    }

    @Test
    void nothingOfTheHostComesIntoAnImage() throws IOException {
        packagingAlsoRuns("""
                mkdir -p "${RELEASE_STAGE}/read"
                ln -sf "$(dirname VICTIM)" "${RELEASE_STAGE}/read/d"
                printf 'FROM scratch\\nCOPY d/victim /key\\n' >"${RELEASE_STAGE}/read/Dockerfile"
                "${DOCKER[@]}" build -t hostile:2 "${RELEASE_STAGE}/read"
                "${DOCKER[@]}" save -o "${images}/hostile.tar" hostile:2
                """);
        release().execute().failedCleanly();
        assertThat(tree.file("_output/release-images/amd64/hostile.tar")).doesNotExist();
    }
}
