package io.kubebuild.image.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.dockerfile.ImageRecipe;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes image archives without an engine: the base's layers, one layer of ours, and what {@code docker load} (20.10 to 29),
 * kind and krel read around them. The same inputs give the same bytes; files are streamed.
 */
public final class ImageAssembler {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What is asked for.
     *
     * @param base the recipe's base image
     * @param recipe what to add
     * @param context where its files are
     * @param tags names of the image ({@code k8s.gcr.io/kube-proxy-amd64:v1.20.2}); duplicates are dropped
     * @param platform {@code linux/amd64}; the base has to be for it
     * @param time of the image and of everything in our layer
     * @param archive the file to write
     * @param mode its permissions ({@code 0600} as {@code docker save -o} gives it)
     */
    public record Request(
            BaseImage base,
            ImageRecipe recipe,
            BuildContext context,
            List<String> tags,
            String platform,
            Instant time,
            Path archive,
            Set<java.nio.file.attribute.PosixFilePermission> mode) {
        public Request {
            tags = tags.stream().distinct().toList();
            mode = Set.copyOf(mode);
            if (tags.isEmpty()) {
                throw new IllegalArgumentException("an image archive needs a name for its image");
            }
        }
    }

    /** Writes the archive, whole or not at all. */
    public AssembledImage assemble(Request request) {
        Path archive = request.archive().toAbsolutePath();
        try {
            ImageConfiguration configuration = new ImageConfiguration(request.base(), request.time());
            refuseOtherPlatform(request, configuration);
            configuration.add(request.recipe());
            Map<String, LayerPlan.Item> plan = LayerPlan.of(
                    request.recipe().contents(),
                    RootFileSystem.of(request.base().layers()),
                    request.context());
            AssembledImage[] image = new AssembledImage[1];
            AtomicFile.write(archive, draft -> {
                image[0] = write(request, configuration, plan, draft);
                OwnFiles.mode(draft.path(), request.mode());
            });
            return image[0];
        } catch (IOException e) {
            throw KubeException.build(
                    "the image " + request.tags().get(0) + " cannot be assembled into " + archive,
                    String.valueOf(e.getMessage()),
                    "check that there is room and that the file may be written; the base image is "
                            + request.base().reference(),
                    e);
        }
    }

    private static void refuseOtherPlatform(Request request, ImageConfiguration configuration) {
        String[] actual = (configuration.platform() + "/").split("/", -1);
        if (!WantedImage.fits(request.platform(), actual[0], actual[1], actual[2])) {
            throw KubeException.user(
                    "base image " + request.base().reference() + " is for " + configuration.platform() + ", the image "
                            + request.tags().get(0) + " for " + request.platform(),
                    "its programs could not run there",
                    "fetch the right one: docker pull --platform " + request.platform() + " "
                            + request.base().reference());
        }
    }

    private static AssembledImage write(
            Request request, ImageConfiguration configuration, Map<String, LayerPlan.Item> plan, AtomicFile.Draft draft)
            throws IOException {
        try (ArchiveWriter writer = new ArchiveWriter(draft.channel(), request.time())) {
            for (BaseImage.Layer layer : request.base().layers()) {
                writer.addLayer(layer);
            }
            java.util.Optional<String> ours = java.util.Optional.empty();
            if (!plan.isEmpty()) {
                String diffId = writer.addLayer(plan);
                configuration.addLayer(diffId, describe(request.recipe()));
                ours = java.util.Optional.of(diffId);
            }
            String id = writer.end(configuration, request.tags());
            return new AssembledImage(request.archive(), "sha256:" + id, ours, Files.size(draft.path()));
        }
    }

    private static String describe(ImageRecipe recipe) {
        return recipe.contents().stream()
                .map(content -> content instanceof ImageRecipe.Copy copy
                        ? "COPY " + copy.source() + " " + copy.target()
                        : "WORKDIR " + ((ImageRecipe.Directory) content).path())
                .collect(Collectors.joining(", "));
    }

    /** {@code manifest.json}: what every reader of today goes by. */
    static byte[] manifest(String config, List<String> tags, List<String> layers) throws IOException {
        ArrayNode manifest = JSON.createArrayNode();
        ObjectNode image = manifest.addObject().put("Config", config);
        tags.forEach(image.putArray("RepoTags")::add);
        layers.forEach(image.putArray("Layers")::add);
        return JSON.writeValueAsBytes(manifest);
    }

    /** {@code repositories}: what readers from before manifest.json go by, and kind for the names. */
    static byte[] repositories(List<String> tags, String topLayer) throws IOException {
        Map<String, Map<String, String>> repositories = new TreeMap<>();
        for (String tag : tags) {
            ImageReference reference = ImageReference.of(tag);
            String name = tag.substring(0, tag.lastIndexOf(':'));
            repositories
                    .computeIfAbsent(name, ignored -> new TreeMap<>())
                    .put(reference.tag().orElseThrow(), topLayer);
        }
        return JSON.writeValueAsBytes(repositories);
    }

    /** Permissions as an archive gets them from {@code docker save -o}. */
    public static Set<java.nio.file.attribute.PosixFilePermission> ownerOnly() {
        return PosixFilePermissions.fromString("rw-------");
    }
}
