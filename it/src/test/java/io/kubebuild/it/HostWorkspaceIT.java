package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A release on this machine itself, beside that of the build container. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class HostWorkspaceIT {

    /** Bases of the sample tree's images. */
    private static final List<String> BASES = List.of(
            "k8s.gcr.io/build-image/go-runner:sample-1",
            "k8s.gcr.io/build-image/debian-iptables:sample-1",
            "debian:stretch-slim");

    private static Path sdk = Path.of("");

    private final ReleasedTree released;
    private final Path directory;

    HostWorkspaceIT(ReleasedTree released, @TempDir Path directory) {
        this.released = released;
        this.directory = directory;
    }

    @BeforeAll
    static void findSdk() {
        Optional<Path> found = Optional.ofNullable(System.getProperty("kube.test.goSdk"))
                .map(Path::of)
                .filter(one -> Files.isExecutable(one.resolve("bin/go")));
        String line = "no Go for this machine: name one by -Dkube.test.goSdk=$(it/bench/host-sdk.sh)";
        if ("required".equals(System.getProperty("kube.test.engine"))) {
            assertThat(found).as(line).isPresent();
        }
        Assumptions.assumeTrue(found.isPresent(), line);
        sdk = found.orElseThrow();
    }

    @Test
    void aReleaseOnThisMachineIsThatOfTheContainer() {
        released.release().execute().succeeded();
        Map<String, String> inContainer = released.results();

        MavenBuild build = onHost("release").parameter("kube.baseImageArchives", archives());
        MavenResult result = build.execute().succeeded();
        result.says("workspace: on this machine", "build-image: skipped");

        Map<String, String> here = ReleasedTree.results(directory.resolve("out"));
        assertThat(here.keySet()).isEqualTo(inContainer.keySet());
        boolean mounted = result.log().contains("mount namespace: ");
        if (!mounted) {
            result.says("binaries differ in their bytes");
        } else if (sameCompiler()) {
            assertThat(ReleasedTree.withoutTestBinaries(here)).isEqualTo(ReleasedTree.withoutTestBinaries(inContainer));
        }
        assertThat(madeOf(directory.resolve("out")))
                .isEqualTo(madeOf(released.tree().file("_output")));

        onHost("release")
                .parameter("kube.baseImageArchives", archives())
                .execute()
                .succeeded()
                .says("sync: up to date", "cross-compile: up to date", "package-tarballs: up to date");
        onHost("clean").execute().succeeded().says("removed: workspace ");
        assertThat(directory.resolve("cache/kube-build/workspaces")).isEmptyDirectory();
    }

    @Test
    void aGoThatTheTreeDoesNotTakeIsNamedBeforeTheStart() {
        MavenBuild.in(directory)
                .goal("verify-prereqs")
                .parameter("kube.root", released.tree().directory().toString())
                .parameter("kube.outputDirectory", directory.resolve("out").toString())
                .parameter("kube.workspace", "host")
                .parameter("kube.goSdk", directory.toString())
                .execute()
                .failedCleanly()
                .says("kube.goSdk names " + directory + ", which holds no Go SDK that runs here");
    }

    private MavenBuild onHost(String goal) {
        return MavenBuild.in(directory)
                .goal(goal)
                .environment("XDG_CACHE_HOME", directory.resolve("cache").toString())
                .parameter("kube.root", released.tree().directory().toString())
                .parameter("kube.outputDirectory", directory.resolve("out").toString())
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .parameter("kube.workspace", "host")
                .parameter("kube.goSdk", sdk.toString());
    }

    /** Out of the engine: the host workspace takes bases from files. */
    private String archives() {
        return BASES.stream()
                .map(base -> {
                    Path file = directory.resolve(base.replaceAll("[/:]", "_") + ".tar");
                    if (!Files.exists(file)) {
                        new HostCommand(directory, List.of("docker", "save", base, "-o", file.toString())).succeeds();
                    }
                    return base + "=" + file;
                })
                .collect(Collectors.joining(","));
    }

    private boolean sameCompiler() {
        String version = new HostCommand(directory, List.of("gcc", "--version"))
                .succeeds()
                .lines()
                .findFirst()
                .orElse("");
        return released.command("gcc --version").execute().succeeded().log().contains(version);
    }

    /** What each program is made of: Go, modules, flags, link mode, as it says itself. */
    private static Map<String, String> madeOf(Path output) {
        Path binaries = output.resolve("dockerized/bin");
        Map<String, String> madeOf = new TreeMap<>();
        try (Stream<Path> files = Files.walk(binaries)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new HostCommand(
                                binaries, List.of(sdk.resolve("bin/go").toString(), "version", "-m", file.toString()))
                        .succeeds();
                // Flags name the root of the tree, which without a namespace is another one.
                madeOf.put(
                        binaries.relativize(file).toString(),
                        text.replace(file.toString(), "")
                                .replaceAll("=[^ \\n\"]*/go/src/k8s\\.io/kubernetes", "=ROOT"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return madeOf;
    }
}
