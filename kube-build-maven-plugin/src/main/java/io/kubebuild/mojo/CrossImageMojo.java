package io.kubebuild.mojo;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.cross.GoSdk;
import io.kubebuild.io.Packing;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.CrossImageRequest;
import io.kubebuild.step.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cross image (kube-cross) where it cannot be pulled, and gives it the name that the tree asks for: from a Go SDK and a base
 * that you name or, without those, from the tree's own <code>build/build-image/cross/Dockerfile</code> (trees up to v1.17).
 *
 * @since 0.1.0
 */
@Mojo(name = "cross-image", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class CrossImageMojo extends KubeMojo {

    /**
     * The Go SDK for a cross image of one's own: a directory, or an archive as go.dev publishes it, relative to the tree if relative.
     * It is an error if the tree does not build with it. Default: none, the tree's own Dockerfile is built.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cross.goSdk")
    @Nullable
    String crossGoSdk;

    /**
     * The image that the SDK is put into; <code>kube.mirrors</code> and <code>kube.pull</code> hold for it. It has to have bash, git,
     * make, gcc and the usual Unix programs, and a C compiler for each platform that cgo is used for. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cross.baseImage")
    @Nullable
    String crossBaseImage;

    /**
     * The same as a root file system in a tar file, such as debootstrap makes it, compressed or not, relative to the tree if relative.
     * Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cross.rootfs")
    @Nullable
    String crossRootfs;

    private static final String WHOLE_PATH = "name a file that exists, with its whole path";

    private CrossImageRequest wanted = new CrossImageRequest(Optional.empty(), Optional.empty(), Optional.empty());

    @Override
    boolean packages() {
        return false;
    }

    @Override
    void readMore(ParameterReader reader) {
        FileParameters files = files(reader);
        Optional<Path> sdk =
                files.path(ParameterName.of("kube.cross.goSdk"), crossGoSdk).map(tree()::resolve);
        Optional<ImageReference> base = reader.parsed(
                ParameterName.of("kube.cross.baseImage"),
                crossBaseImage,
                ImageReference::parse,
                "the name of an image, such as debian:bookworm");
        Optional<Path> rootfs = files.toRead(ParameterName.of("kube.cross.rootfs"), crossRootfs, WHOLE_PATH);
        sdk.ifPresent(place -> look(reader, place));
        rootfs.filter(file -> !Packing.of(file).isArchive())
                .ifPresent(file -> reader.problem(new Problem(
                        "kube.cross.rootfs names " + file + ", which is no archive",
                        "it is no tar file, compressed or not",
                        "make one with: debootstrap --make-tarball=rootfs.tar.gz, or docker export")));
        boolean sdkGiven = given(crossGoSdk);
        boolean system = given(crossBaseImage) || given(crossRootfs);
        if (given(crossBaseImage) && given(crossRootfs)) {
            reader.problem(new Problem(
                    "kube.cross.baseImage and kube.cross.rootfs are both given",
                    "a cross image begins from one of them",
                    "leave one out"));
        }
        if (sdkGiven != system) {
            reader.problem(new Problem(
                    sdkGiven
                            ? "kube.cross.goSdk is given, but not what to put it into"
                            : (given(crossRootfs) ? "kube.cross.rootfs" : "kube.cross.baseImage")
                                    + " is a base of the cross image, and no Go SDK is given",
                    "a cross image is made of both",
                    sdkGiven
                            ? "name an image or a root file system: -Dkube.cross.baseImage=debian:bookworm or"
                                    + " -Dkube.cross.rootfs=rootfs.tar"
                            : "name the SDK: -Dkube.cross.goSdk=/downloads/go1.20.14.linux-amd64.tar.gz"));
        }
        wanted = new CrossImageRequest(sdk, base, rootfs);
    }

    private static boolean given(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    private static void look(ParameterReader reader, Path sdk) {
        if (!Files.exists(sdk)) {
            reader.problem(new Problem("kube.cross.goSdk names " + sdk + ", which is not there", "", WHOLE_PATH));
            return;
        }
        try {
            GoSdk.at(sdk);
        } catch (KubeException e) {
            e.problems().forEach(reader::problem);
        }
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.crossImage(wanted);
    }
}
