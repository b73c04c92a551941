package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first commands that a user types are run as they stand in the README. */
@RequiresEngine
@Tag("more")
class ExamplesIT {

    private static final String USER = "12345";

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

    /** As Jenkins runs it: a user without an entry in /etc/passwd, no terminal, nothing that could be a home but what the job names. */
    @Test
    void thePipelinesCommandRunsForANumericUser() throws IOException {
        boolean root = Files.getAttribute(tree.directory(), "unix:uid").equals(0);
        assumeTrue(HostCommand.exists("setpriv") && root, "only root can be somebody else");
        Matcher written = Pattern.compile("sh '(mvn [^']+)'").matcher(page("src/site/markdown/pipeline.md"));
        assertThat(written.find()).isTrue();
        tree.withProject("kube-release-install");
        SampleTree.copy(Bench.directory("it.repository"), tree.file(".m2/repository"));
        HostCommand.of(tree.directory(), "chown", "-R", USER + ":" + USER, ".").succeeds();
        HostCommand.of(tree.directory(), "chmod", "a+rx", "..").succeeds();

        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER));
        command.addAll(List.of(
                "--groups=" + Files.getAttribute(EngineSocket.path(), "unix:gid"),
                "setsid",
                "--wait",
                "bash",
                "-c",
                written.group(1)));
        String log = as(command)
                .with("HOME", tree.file(".m2").toString())
                .with("EXECUTOR_NUMBER", "17")
                .succeeds();

        assertThat(log).contains("package-tarballs: done").doesNotContain("-dirty", "\u001b[");
        assertThat(tree.file("?")).doesNotExist();
        assertThat(tree.file(".m2/repository/com/example/kubernetes")).isDirectory();
        MavenBuild.in(tree.directory())
                .goal("clean")
                .parameter("kube.workspaceId", "kubernetes-17")
                .execute()
                .succeeded();
    }

    private String run(String command) throws IOException {
        assertThat(page("README.md")).contains(command);
        return as(List.of("bash", "-c", command)).succeeds();
    }

    private HostCommand as(List<String> command) {
        String bin = Maven.MAVEN_3_8.home().resolve("bin").toString();
        return new HostCommand(tree.directory(), command).with("PATH", bin + ":" + System.getenv("PATH"));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Bench.directory("it.root").resolve(name));
    }
}
