package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.FileEntity;
import org.mandas.docker.client.DockerClient.ListImagesParam;

/** The images of one engine. */
final class EngineImages {

    private final EngineHttp http;
    private final Library library;

    EngineImages(EngineHttp http, Library library) {
        this.http = http;
        this.library = library;
    }

    Optional<ImageInfo> find(String reference) {
        return http.find(Request.get("/images/" + reference + "/json")).map(EngineImages::info);
    }

    List<String> tags(String repository) {
        return library
                .call(
                        "listing images of " + repository,
                        docker -> docker.listImages(ListImagesParam.filter("reference", repository)))
                .stream()
                .flatMap(image -> image.repoTags() == null ? Stream.empty() : image.repoTags().stream())
                .map(Name::familiar)
                .filter(tag -> tag.startsWith(repository + ":"))
                .sorted()
                .distinct()
                .toList();
    }

    void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress) {
        Name name = Name.of(reference);
        Request request = Request.post("/images/create")
                .query("fromImage", name.repository())
                // Without a tag the engine would fetch every tag that there is.
                .query("tag", name.version().orElse("latest"));
        if (platform.isPresent()) {
            request = request.query("platform", platform.get());
        }
        if (credentials.isPresent()) {
            request = request.header("X-Registry-Auth", registryAuth(credentials.get()));
        }
        Map<String, String> last = new HashMap<>();
        try (EngineHttp.Answer answer = http.open(request)) {
            ProgressMessages.read(answer, "pulling " + reference, message -> {
                String layer = message.path("id").asText("");
                String status = message.path("status").asText("");
                // Each layer tells its bytes many times a second; what matters is what happens to it.
                if (!status.equals(last.put(layer, status))) {
                    progress.accept(layer.isEmpty() ? status : layer + ": " + status);
                }
            });
        }
    }

    void tag(String reference, String newReference) {
        Name name = Name.of(newReference);
        http.send(Request.post("/images/" + reference + "/tag")
                .query("repo", name.repository())
                .query("tag", name.version().orElse("latest")));
    }

    void remove(String reference) {
        try {
            library.run("removing image " + reference, docker -> docker.removeImage(reference));
        } catch (EngineException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    String build(ImageBuild build, Consumer<String> output) {
        Request request = request(build);
        String what = "building image " + String.join(", ", build.tags());
        List<String> ids = new ArrayList<>();
        Lines lines = new Lines(output);
        try (EngineHttp.Answer answer = http.open(request)) {
            ProgressMessages.read(answer, what, message -> {
                byte[] text = message.path("stream").asText("").getBytes(StandardCharsets.UTF_8);
                lines.add(text, 0, text.length);
                String built = message.path("aux").path("ID").asText("");
                if (!built.isEmpty()) {
                    ids.add(built);
                }
            });
        } catch (java.io.UncheckedIOException e) {
            throw new EngineException(
                    Kind.OTHER, what + ": the context " + build.context() + " cannot be read: " + e.getMessage(), e);
        } finally {
            lines.end();
        }
        // A build of several stages names each; the last is the result.
        return ids.isEmpty() ? idByName(build, what) : ids.get(ids.size() - 1);
    }

    /** The engine's proxies among the arguments have passwords. */
    static Request request(ImageBuild build) {
        Request request = Request.post("/build")
                .query("dockerfile", build.dockerfile())
                .unseenQuery("buildargs", Request.jsonText(build.arguments()))
                .query("labels", Request.jsonText(build.labels()))
                .query("rm", "1")
                .query("forcerm", "1")
                .body(new TarEntity(new ContextTar(build.context())));
        for (String tag : build.tags()) {
            request = request.query("t", tag);
        }
        if (build.platform().isPresent()) {
            request = request.query("platform", build.platform().get());
        }
        return request;
    }

    /** podman names the image in its messages otherwise than Docker; its tag says the same. */
    private String idByName(ImageBuild build, String what) {
        return build.tags().stream()
                .findFirst()
                .flatMap(this::find)
                .map(ImageInfo::id)
                .orElseThrow(
                        () -> new EngineException(Kind.OTHER, what + ": the engine did not say what came of it", null));
    }

    InputStream save(List<String> references) {
        Request request = Request.get("/images/get");
        for (String reference : references) {
            request = request.query("names", reference);
        }
        return AnswerStream.of(http.open(request));
    }

    void load(Path archive) {
        if (!Files.isReadable(archive)) {
            throw new EngineException(Kind.OTHER, "loading " + archive + ": the file cannot be read", null);
        }
        Request request = Request.post("/images/load")
                .query("quiet", "1")
                .body(new FileEntity(archive.toFile(), ContentType.create("application/x-tar")));
        try (EngineHttp.Answer answer = http.open(request)) {
            ProgressMessages.read(answer, "loading " + archive, message -> {});
        }
    }

    private static String registryAuth(RegistryCredentials credentials) {
        Map<String, String> fields = new HashMap<>();
        fields.put("serveraddress", credentials.registry());
        if (credentials.isToken()) {
            fields.put("identitytoken", credentials.secret());
        } else {
            fields.put("username", credentials.username());
            fields.put("password", credentials.secret());
        }
        return Base64.getUrlEncoder().encodeToString(Request.jsonText(fields).getBytes(StandardCharsets.UTF_8));
    }

    private static ImageInfo info(JsonNode image) {
        JsonNode config = image.path("Config");
        return new ImageInfo(
                image.path("Id").asText(),
                Json.texts(image.path("RepoTags")).stream().map(Name::familiar).toList(),
                image.path("Os").asText(),
                Architecture.inGoWords(image.path("Architecture").asText()),
                image.path("Variant").asText(""),
                Json.map(config.path("Labels")),
                Json.texts(config.path("Env")),
                image.path("Size").asLong());
    }

    /**
     * A reference in two parts.
     *
     * @param version tag or digest
     */
    record Name(String repository, Optional<String> version) {
        /** As Docker shows a name; podman always names the registry, and Docker's own library of images. */
        static String familiar(String reference) {
            return reference.replaceFirst("^docker\\.io/(library/)?", "");
        }

        static Name of(String reference) {
            int at = reference.indexOf('@');
            if (at > 0) {
                // A digest says it all: the engine takes no tag beside it.
                return new Name(of(reference.substring(0, at)).repository(), Optional.of(reference.substring(at + 1)));
            }
            int colon = reference.lastIndexOf(':');
            // A colon before the last slash is a registry's port.
            return colon > reference.lastIndexOf('/')
                    ? new Name(reference.substring(0, colon), Optional.of(reference.substring(colon + 1)))
                    : new Name(reference, Optional.empty());
        }
    }
}
