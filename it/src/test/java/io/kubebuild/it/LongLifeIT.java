package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty builds in one JVM, as a Maven daemon or an IDE has them: no thread, no open file and no memory stays. */
@RequiresEngine
@Tag("more")
class LongLifeIT {

    private static final int BUILDS = 20;

    /** By then all that is loaded once is loaded. */
    private static final int WARM = 5;

    private final SampleTree tree;

    LongLifeIT(@TempDir Path directory) {
        this.tree = SampleTree.in(directory);
    }

    @AfterEach
    void removeWorkspace() {
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    @Test
    void leavesNothingInTheJvm() throws Exception {
        MavenBuild.in(tree.directory())
                .goal("compile")
                .parameter("what", "cmd/kubectl")
                .execute()
                .succeeded();
        List<Stayed> stayed = stayed();

        assertThat(stayed).hasSize(BUILDS);
        Stayed warm = stayed.get(WARM);
        List<Stayed> later = stayed.subList(BUILDS / 2, BUILDS);
        assertThat(later)
                .allSatisfy(one -> assertThat(one.threads()).doesNotContain("kube", "okhttp", "docker"))
                .allSatisfy(one -> assertThat(one.files()).as("open files").isLessThanOrEqualTo(warm.files() + 1))
                // A build's classes may outlive it until the same thread has had the next one.
                .anySatisfy(
                        one -> assertThat(one.classes()).as("loaded classes").isLessThan(warm.classes() * 11 / 10))
                .anySatisfy(one -> assertThat(one.heap()).as("MB").isLessThan(warm.heap() + 20));
    }

    private record Stayed(long files, long heap, int classes, String threads) {
        static Stayed of(String line) {
            String[] words = line.substring(ManyBuilds.LINE.length()).split(" ", -1);
            return new Stayed(Long.parseLong(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]), words[3]);
        }
    }

    private List<Stayed> stayed() throws IOException, InterruptedException {
        Path home = Maven.MAVEN_3_9.home();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                // Buffers of Jackson that the JVM gives up as soon as it needs the memory.
                "-XX:SoftRefLRUPolicyMSPerMB=0",
                "-Dclassworlds.conf=" + home.resolve("bin/m2.conf"),
                "-Dmaven.home=" + home,
                "-Dlibrary.jansi.path=" + home.resolve("lib/jansi-native"),
                "-Dmaven.multiModuleProjectDirectory=" + tree.directory(),
                "-cp",
                classWorlds(home) + ":" + Path.of("target/test-classes").toAbsolutePath(),
                ManyBuilds.class.getName(),
                Integer.toString(BUILDS)));
        command.addAll(MavenBuild.in(tree.directory())
                .with(Maven.MAVEN_3_9)
                .goal("compile")
                .parameter("what", "cmd/kubectl")
                .words());
        Process process = new ProcessBuilder(command)
                .directory(tree.directory().toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith(ManyBuilds.LINE))
                .map(Stayed::of)
                .toList();
    }

    private static Path classWorlds(Path home) throws IOException {
        try (Stream<Path> boot = Files.list(home.resolve("boot"))) {
            return boot.filter(file -> file.getFileName().toString().matches("plexus-classworlds-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
