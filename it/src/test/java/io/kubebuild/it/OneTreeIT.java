package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two modules that build one tree with different settings, goal by goal in turns. */
@RequiresEngine
@Tag("more")
class OneTreeIT {

    private static final String PATCHED = SampleTree.VERSION + "-corp.1";

    private final Path directory;
    private final SampleTree tree;

    OneTreeIT(@TempDir Path directory) {
        this.directory = directory;
        this.tree = SampleTree.in(directory);
        for (String module : List.of("", "plain", "patched")) {
            SampleTree.project("kube-release-one-tree/" + module, directory.resolve(module));
        }
    }

    @AfterEach
    void removeWorkspace() {
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    @Test
    void bothEndWellInOneRun() {
        maven("install", "-T2").execute().succeeded();

        assertInstalled();
        maven("install").execute().succeeded();
        assertInstalled();
    }

    @Test
    void bothEndWellInProcessesOfTheirOwn() {
        try (RunningBuild plain = maven("install", "-pl", "plain").start();
                RunningBuild patched = maven("install", "-pl", "patched").start()) {
            plain.result().succeeded();
            patched.result().succeeded();
        }

        assertInstalled();
    }

    @Test
    void aBuildThatFailsBetweenTwoGoalsHoldsNobodyUp() {
        maven("process-sources", "-pl", "plain").execute().succeeded();
        maven("install", "-pl", "patched").execute().succeeded();
        maven("no-such-phase", "-pl", "plain").execute();

        maven("install", "-pl", "plain").execute().succeeded();
        assertInstalled();
    }

    /** Each module's tarball has its own version and programs of that version. */
    private void assertInstalled() {
        assertVersion("plain", SampleTree.VERSION);
        assertVersion("patched", PATCHED);
    }

    private void assertVersion(String module, String version) {
        Path tarball = Bench.directory("it.repository")
                .resolve("com/example/onetree")
                .resolve(module)
                .resolve(version)
                .resolve(module + "-" + version + "-server-linux-amd64.tar.gz");
        Path unpacked = directory.resolve("unpacked").resolve(module);
        try {
            Files.createDirectories(unpacked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HostCommand.of(unpacked, "tar", "-xzf", tarball.toString()).succeeds();
        assertThat(HostCommand.of(unpacked, "kubernetes/server/bin/kube-apiserver", "--version")
                        .succeeds())
                .contains("v" + version);
    }

    private MavenBuild maven(String... words) {
        return MavenBuild.in(directory).run(words);
    }
}
