package io.kubebuild.image.cross;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.ImageReference;
import io.kubebuild.io.OwnFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The plugin's own recipe of a cross image: a system that somebody else has put together, and a Go SDK at {@code /usr/local/go}.
 *
 * <p>Source: build/build-image/cross/Dockerfile of trees up to v1.17, and of the golang image below it: places, variables, and that
 * everybody may write to the GOPATH. What that Dockerfile installs has to be in the system already.
 *
 * @param sdk the Go
 * @param system what it is put into
 */
public record CrossImageRecipe(GoSdk sdk, BaseSystem system) {

    /** How a line of the build begins that names programs which are not there. */
    public static final String LACKS = "kube-cross lacks:";

    /** How a line of the build begins that names programs which only some scripts of a tree call. */
    public static final String LACKS_SOME = "kube-cross lacks, for some scripts only:";

    /** Programs without which no tree builds. */
    private static final List<String> NEEDED =
            List.of("bash", "git", "make", "gcc", "tar", "find", "xargs", "sed", "awk", "grep", "diff", "sort", "od");

    /** Programs that upstream's image has for rsync's daemon, for checks and for tests. */
    private static final List<String> USEFUL = List.of("rsync", "jq", "file", "patch", "ip", "ps");

    private static final String ROOTFS = "rootfs.tar";
    private static final String SDK = "go.tar";
    private static final String DOCKERFILE = "Dockerfile";

    /** What the SDK is put into: a Linux system with the programs that a build calls. */
    public sealed interface BaseSystem {}

    /**
     * An image.
     *
     * @param image its name
     */
    public record BaseOf(ImageReference image) implements BaseSystem {}

    /**
     * A root file system, as debootstrap or a distribution's own builder makes it.
     *
     * @param archive a tar file, compressed in a way that the engine knows, or not
     */
    public record RootFileSystem(Path archive) implements BaseSystem {}

    /** The Dockerfile. */
    public String dockerfile() {
        // Without a base, Docker has a PATH of its own and podman none.
        boolean scratch = system instanceof RootFileSystem;
        String path = "/go/bin:/usr/local/go/bin:"
                + (scratch ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : "$PATH");
        String beginning = system instanceof BaseOf base
                ? "FROM " + base.image().familiar() + "\n"
                : "FROM scratch\nADD " + ROOTFS + " /\n";
        return beginning
                + """
                USER 0:0
                ENV GOPATH=/go GOROOT=/usr/local/go GOARM=7 GOTOOLCHAIN=local
                ENV PATH=%s
                RUN rm -rf /usr/local/go
                ADD %s /usr/local/
                RUN mkdir -p /go/bin /go/src && chmod -R a+rwx /go
                RUN absent() { for program in "$@"; do command -v "$program" >/dev/null || printf ' %%s' "$program"; done; }; \\
                    some=$(absent %s); [ -z "$some" ] || echo "%s$some"; \\
                    needed=$(absent %s); [ -z "$needed" ] || { echo "%s$needed"; exit 1; }; \\
                    go version
                WORKDIR /go
                ENTRYPOINT []
                CMD ["/bin/bash"]
                """.formatted(path, SDK, String.join(" ", USEFUL), LACKS_SOME, String.join(" ", NEEDED), LACKS);
    }

    /** Writes the context of the build into a directory: as large as SDK and root file system are. */
    public void stage(Path directory) throws IOException {
        OwnFiles.makeDirectories(directory);
        Path dockerfile = directory.resolve(DOCKERFILE);
        OwnFiles.write(dockerfile, dockerfile().getBytes(StandardCharsets.UTF_8));
        sdk.writeTo(directory.resolve(SDK));
        if (system instanceof RootFileSystem root) {
            OwnFiles.copy(root.archive(), directory.resolve(ROOTFS));
        }
    }

    /**
     * What the image is made of, as far as it can be told without reading gigabytes: files by place, size and time.
     *
     * @param baseId id of the base image; empty for a root file system
     */
    public Fingerprint fingerprint(String baseId) throws IOException {
        Fingerprint.Builder inputs = Fingerprint.builder()
                .add("recipe", dockerfile())
                .add("base image", baseId)
                .add("Go", sdk.version())
                .add("SDK", stat(sdk.isArchive() ? sdk.place() : sdk.place().resolve("bin/go")));
        if (system instanceof RootFileSystem root) {
            inputs.add("root file system", stat(root.archive()));
        }
        return inputs.build();
    }

    private static String stat(Path file) throws IOException {
        return file.toRealPath() + " " + Files.size(file) + " "
                + Files.getLastModifiedTime(file).toMillis();
    }
}
