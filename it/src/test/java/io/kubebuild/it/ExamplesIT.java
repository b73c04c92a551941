package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first commands that a user types are run as they stand in the README. */
@RequiresEngine
class ExamplesIT {

    private final SampleTree tree;

    ExamplesIT(@TempDir Path directory) {
        tree = SampleTree.in(directory);
    }

    @Test
    void theReadmesCommandsDoWhatTheySay() throws IOException {
        PluginProject.ensurePrefix();
        // What the tests need is said in a file, so that the command stays as it is.
        Files.createDirectory(tree.file(".mvn"));
        tree.write(
                ".mvn/maven.config",
                String.join(
                        "\n",
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + Bench.directory("it.repository"),
                        Maven.MAVEN_3_8.globalSettings(),
                        Bench.directory("it.projects").resolve("settings.xml").toString(),
                        ""));

        assertThat(run("mvn kube:release -Dkube.platforms=linux/amd64"))
                .contains("package-tarballs: done")
                .doesNotContain("-dirty");
        assertThat(tree.file("_output/release-tars/kubernetes.tar.gz")).isNotEmptyFile();
        assertThat(run("mvn kube:compile -Dwhat=cmd/kube-apiserver")).contains("copy-output: ");
        assertThat(tree.file("_output/dockerized/bin/linux/amd64/kube-apiserver"))
                .isExecutable();
        assertThat(run("mvn kube:help -Ddetail")).contains("kube:release", "platforms");
        run("mvn kube:clean");
        assertThat(tree.file("_output")).doesNotExist();
        assertThat(EngineSocket.containers(tree)).isEmpty();
    }

    private String run(String command) throws IOException {
        assertThat(Files.readString(Bench.directory("it.root").resolve("README.md")))
                .as("the README")
                .contains(command);
        String bin = Maven.MAVEN_3_8.home().resolve("bin").toString();
        return new HostCommand(tree.directory(), List.of("bash", "-c", command))
                .with("PATH", bin + ":" + System.getenv("PATH"))
                .succeeds();
    }
}
