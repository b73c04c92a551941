package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross image of one's own. Base and SDK come from the bench's; of the SDK only what shows that it is the one. */
@Tag("more")
@RequiresEngine
class CrossImageIT {

    private static final String STAND_IN = "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1";
    private static final String SMALL = "k8s.gcr.io/build-image/go-runner:sample-1";
    private static final String TAG = "v1.19.8-of-the-test";
    /** A proxy that nobody is at: nothing here fetches anything. */
    private static final String PROXY = "http://ann:secret@127.0.0.1:9";

    private static final String MADE = "k8s.gcr.io/build-image/kube-cross:" + TAG;

    private final Path directory;
    private final SampleTree tree;

    CrossImageIT(@TempDir Path directory) {
        this.directory = directory;
        this.tree = SampleTree.in(directory)
                .write("build/build-image/cross/VERSION", TAG + "\n")
                .commit();
    }

    @BeforeEach
    void takeAnSdk() throws IOException {
        Path sdk = Files.createDirectories(directory.resolve("go/bin")).resolveSibling("pkg");
        Files.createDirectories(sdk);
        String container = docker("create", STAND_IN).strip();
        try {
            docker("cp", container + ":/usr/local/go/VERSION", "go/VERSION");
            docker("cp", container + ":/usr/local/go/bin/go", "go/bin/go");
            docker("cp", container + ":/usr/local/go/pkg/include", "go/pkg/include");
        } finally {
            docker("rm", container);
        }
    }

    @AfterEach
    void removeAll() {
        MavenBuild.in(tree.directory()).goal("clean").execute();
        HostCommand.of(directory, "docker", "rmi", MADE).run();
    }

    @Test
    void isMadeOfASdkAndABaseAndBuildsTheTree() {
        making().parameter("kube.cross.baseImage", STAND_IN)
                .execute()
                .succeeded()
                .says("cross image: " + MADE + " made of go1.19.8 on " + STAND_IN);
        making().parameter("kube.cross.baseImage", STAND_IN)
                .execute()
                .succeeded()
                .says(MADE + " is in the engine, made of the same");

        MavenBuild.in(tree.directory())
                .goal("run")
                .parameter("kube.platforms", "linux/amd64")
                .parameter("kube.httpProxy", PROXY)
                .parameter(
                        "command",
                        "go version && ls /usr/local/go && [ -n \"$http_proxy\" -a -n \"$HTTP_PROXY\" ] && echo behind a proxy")
                .execute()
                .succeeded()
                .says("go version go1.19.8 linux/amd64", "VERSION", "behind a proxy")
                .doesNotSay("[INFO] src", "secret");
        assertThat(EngineSocket.images(tree)).hasSize(1);
        EngineSocket.images(tree).forEach(this::hasNoSecret);
        hasNoSecret(MADE);
    }

    @Test
    void theTreesOwnDockerfileIsBuiltBehindAProxyThatIsLeftInNoImage() {
        tree.write(
                "build/build-image/cross/Dockerfile",
                "FROM " + SMALL + "\nENV GOARM 7\nRUN [ -n \"$https_proxy\" -a -n \"$HTTPS_PROXY\" ]\n");

        MavenBuild.in(tree.directory())
                .goal("cross-image")
                .parameter("kube.httpsProxy", PROXY)
                .execute()
                .succeeded()
                .says("cross image: " + MADE + " made of build/build-image/cross/Dockerfile")
                .doesNotSay("secret");

        hasNoSecret(MADE);
    }

    private void hasNoSecret(String image) {
        assertThat(docker("history", "--no-trunc", image))
                .contains("/bin/sh -c")
                .doesNotContain("secret");
        assertThat(docker("image", "inspect", image)).contains(image).doesNotContain("secret");
    }

    @Test
    void whatTheSystemLacksIsNamed() {
        String container = docker("create", SMALL, "true").strip();
        try {
            docker("export", "-o", "rootfs.tar", container);
        } finally {
            docker("rm", container);
        }

        making().parameter("kube.cross.rootfs", directory.resolve("rootfs.tar").toString())
                .execute()
                .failedCleanly()
                .says("the cross image " + MADE + " cannot be made", "kube-cross lacks: bash git make gcc");
    }

    @Test
    void anSdkThatTheTreeDoesNotBuildWithIsRefusedBeforeAnythingIsMade() throws IOException {
        Files.writeString(directory.resolve("go/VERSION"), "go1.14.15");

        making().parameter("kube.cross.baseImage", STAND_IN)
                .execute()
                .failedCleanly()
                .says("is go1.14.15, and this tree needs go1.15.0 or newer")
                .doesNotSay("docker build");
    }

    private MavenBuild making() {
        return MavenBuild.in(tree.directory())
                .goal("cross-image")
                .parameter("kube.cross.goSdk", directory.resolve("go").toString());
    }

    private String docker(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "docker";
        System.arraycopy(words, 0, command, 1, words.length);
        return HostCommand.of(directory, command).succeeds();
    }
}
