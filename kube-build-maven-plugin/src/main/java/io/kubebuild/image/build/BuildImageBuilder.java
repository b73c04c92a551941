package io.kubebuild.image.build;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.LoggedBuild;
import io.kubebuild.problem.KubeException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sees to it that the build image stands: builds it if its inputs changed, and deletes what older versions left behind
 * (build/common.sh, kube::build::build_image).
 */
public final class BuildImageBuilder {

    /** Label that holds the fingerprint of the inputs. */
    public static final String FINGERPRINT_LABEL = "io.kubebuild.fingerprint";

    private final Engine engine;
    private final BuildListener listener;

    public BuildImageBuilder(Engine engine, BuildListener listener) {
        this.engine = engine;
        this.listener = listener;
    }

    /**
     * What is asked for.
     *
     * @param names of image and containers
     * @param context staged
     * @param crossImageId id of the cross image, which the engine has
     * @param proxies HTTP_PROXY, HTTPS_PROXY, NO_PROXY as far as set; arguments of the build that leave nothing in the image
     * @param labels host and path of the tree ({@code io.kubebuild.host}, {@code io.kubebuild.path})
     * @param force build although it stands
     */
    public record Request(
            BuildImageNames names,
            BuildImageContext context,
            String crossImageId,
            Map<String, String> proxies,
            Map<String, String> labels,
            boolean force) {
        public Request {
            proxies = Map.copyOf(proxies);
            labels = Map.copyOf(labels);
        }
    }

    /**
     * How it went.
     *
     * @param id the image's id
     * @param built false where it stood already
     * @param reason why it was built; empty text where it stood
     */
    public record Result(String id, boolean built, String reason) {}

    /** Makes it stand. */
    public Result ensure(Request request) {
        String fingerprint = fingerprint(request).id();
        Optional<ImageInfo> before = engine.image(request.names().image());
        if (before.isPresent() && !request.force() && stands(before.get(), fingerprint)) {
            return new Result(before.get().id(), false, "");
        }
        Result result = built(request, fingerprint, before);
        deleteOlder(request.names());
        return result;
    }

    private Result built(Request request, String fingerprint, Optional<ImageInfo> before) {
        String id = build(request, fingerprint);
        // Its name went to the new image: what is left is a nameless one that nobody would find.
        before.map(ImageInfo::id).filter(old -> !old.equals(id)).ifPresent(this::removeQuietly);
        String reason = before.isEmpty()
                ? "the engine has no such image"
                : request.force() ? "it was asked for (kube.force)" : "the cross image or build/build-image changed";
        return new Result(id, true, reason);
    }

    /** The inputs. Proxies are none: how the network is reached does not change what is built. */
    public static Fingerprint fingerprint(Request request) {
        Fingerprint.Builder inputs = Fingerprint.builder();
        inputs.add("cross image", request.crossImageId());
        request.context().describe(inputs);
        return inputs.build();
    }

    private static boolean stands(ImageInfo image, String fingerprint) {
        return fingerprint.equals(image.labels().get(FINGERPRINT_LABEL));
    }

    private String build(Request request, String fingerprint) {
        Map<String, String> labels = new HashMap<>(request.labels());
        labels.put(FINGERPRINT_LABEL, fingerprint);
        Map<String, String> arguments = new HashMap<>(request.context().arguments());
        arguments.putAll(bothCases(request.proxies()));
        String image = request.names().image();
        String id = new LoggedBuild(engine, listener)
                .run(
                        new ImageBuild(
                                request.context().directory(),
                                "Dockerfile",
                                List.of(image),
                                arguments,
                                labels,
                                Optional.empty()),
                        line -> {},
                        "the build image " + image + " cannot be built",
                        "to try it by hand: docker build -t " + image + " "
                                + request.context().directory());
        return verified(image, id, fingerprint);
    }

    /** What a program reads differs in case; the engine knows both as its own arguments and keeps neither in the image. */
    private static Map<String, String> bothCases(Map<String, String> proxies) {
        Map<String, String> both = new HashMap<>();
        proxies.forEach((name, value) -> {
            both.put(name.toUpperCase(Locale.ROOT), value);
            both.put(name.toLowerCase(Locale.ROOT), value);
        });
        return both;
    }

    private String verified(String image, String id, String fingerprint) {
        Optional<ImageInfo> now = engine.image(image);
        if (now.isEmpty() || !now.get().id().equals(id) || !stands(now.get(), fingerprint)) {
            throw KubeException.build(
                    "the engine built " + image + " but does not have it as it was built",
                    now.map(info -> "it has " + info.id() + " under that name, built was " + id)
                            .orElse("it has no image of that name"),
                    "another build may be using the same name: wait for it, or set -Dkube.workspaceId");
        }
        return id;
    }

    /** Deletes, as upstream does, whatever has the same base name and another version. */
    public void deleteOlder(BuildImageNames names) {
        for (BuildImageNames.ContainerName name : names.containers()) {
            for (ContainerInfo container : engine.containers(name.base())) {
                if (!container.name().equals(name.current()) && container.name().startsWith(name.base())) {
                    listener.on(new BuildListener.Detail("deleting older container " + container.name()));
                    engine.remove(container.id());
                }
            }
        }
        for (String reference : engine.imageTags(names.repository())) {
            String tag = reference.substring(reference.lastIndexOf(':') + 1);
            if (tag.startsWith(names.tagBase()) && !tag.equals(names.tag())) {
                listener.on(new BuildListener.Detail("deleting older image " + reference));
                removeQuietly(reference);
            }
        }
    }

    /** An older image that somebody's container still uses is not worth a failed build. */
    private void removeQuietly(String reference) {
        try {
            engine.removeImage(reference);
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.UNREACHABLE) {
                throw e;
            }
            listener.on(new BuildListener.Detail("image " + reference + " stays: " + e.getMessage()));
        }
    }
}
