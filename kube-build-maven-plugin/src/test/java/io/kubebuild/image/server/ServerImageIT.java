package io.kubebuild.image.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.TarFixture;
import io.kubebuild.image.base.BaseImageStore;
import io.kubebuild.image.base.ChainedBaseImages;
import io.kubebuild.image.base.EngineBaseImages;
import io.kubebuild.image.dockerfile.Dockerfile;
import io.kubebuild.image.dockerfile.RecipeReader;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Assembled images against those that a real engine builds from the same Dockerfile. */
@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerImageIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "k8s.gcr.io/build-image/go-runner:sample-1";
    private static final String CROSS = "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1";

    private final Path directory;
    private final String id = UUID.randomUUID().toString().substring(0, 8);

    @SuppressWarnings("NullAway.Init") // JUnit calls connect() first
    private Engine engine;

    ServerImageIT(@TempDir Path parent) throws IOException {
        this.directory = Files.createDirectory(parent.resolve("context"));
        file("kube-thing", "#!/bin/sh\necho thing $*\n", "rwxr-xr-x");
        file("nsswitch.conf", "hosts: files dns\n", "rw-r--r--");
        Files.createDirectories(directory.resolve("cluster/sub"));
        file("cluster/sub/script", "x", "rwxr-x--x");
        file("cluster/config", "y", "rw-------");
        Files.createSymbolicLink(directory.resolve("cluster/link"), Path.of("sub/script"));
    }

    private void file(String name, String content, String mode) throws IOException {
        Files.writeString(directory.resolve(name), content);
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
    }

    @BeforeAll
    void connect() {
        engine = MandasEngine.connect(
                new EndpointResolver(System.getenv(), Path.of(System.getProperty("user.home")), Files::exists)
                        .resolve(Optional.empty(), Optional.empty()));
    }

    @AfterAll
    void disconnect() {
        engine.close();
    }

    @Test
    void equalsWhatTheEngineBuildsForAServerImage() throws Exception {
        comparesEqual("""
                FROM --platform=linux/amd64 %s
                COPY kube-thing /usr/local/bin/kube-thing
                COPY nsswitch.conf /etc/
                """.formatted(BASE));
    }

    @Test
    void equalsWhatTheEngineBuildsForSettingsAndDirectories() throws Exception {
        comparesEqual("""
                FROM %s
                ARG VERSION=7
                ENV PATH=/x A="two words" \\
                    B=${VERSION}
                ENV OLD style "value"
                LABEL one=1 "two"="2 3"
                USER 65532
                WORKDIR /srv/data
                COPY cluster cluster
                COPY kube-thing /opt/new/dir/
                COPY nsswitch.conf /var/lib/link-to-nsswitch
                COPY kube-thing /usr/local/bin
                WORKDIR sub
                ENTRYPOINT ["/go-runner"]
                CMD echo hello
                """.formatted(BASE));
    }

    /** Against setcap itself: the classic builder loses capabilities in COPY --from (moby/moby#38132). */
    @Test
    void givesAFileTheCapabilityThatSetcapGivesIt() throws Exception {
        String setcap =
                "FROM %s AS caps\nCOPY kube-thing /kube-thing\nRUN setcap cap_net_bind_service=+ep /kube-thing\n"
                        .formatted(CROSS);
        String ours = tag("ours");
        String theirs = tag("theirs");
        try {
            engine.load(assemble(setcap + "FROM " + BASE + "\nCOPY --from=caps /kube-thing /kube-thing\n", ours));
            build(setcap, theirs);

            String expected = files(theirs, "/kube-thing").toString();
            assertThat(expected).contains("0:0 sha256:");
            assertThat(files(ours, "/kube-thing")).hasToString(expected);
        } finally {
            engine.removeImage(ours);
            engine.removeImage(theirs);
        }
    }

    @Test
    void runsOnceItIsLoaded() throws Exception {
        String tag = tag("run");
        Path archive = assemble(
                "FROM " + BASE + "\nCOPY kube-thing /usr/local/bin/kube-thing\n"
                        + "ENTRYPOINT [\"/usr/local/bin/kube-thing\"]\nCMD [\"runs\"]",
                tag);
        engine.load(archive);
        String container = engine.create(ContainerSpec.of("kube-image-it-" + id, tag, List.of("works")));
        try {
            engine.start(container);

            assertThat(engine.await(container)).isZero();
            assertThat(engine.logs(container, 10)).contains("thing works");
        } finally {
            engine.remove(container);
            engine.removeImage(tag);
        }
    }

    @Test
    void letsTheEngineBuildWhatIsNotUnderstoodAndTakesItsNamesAway() throws Exception {
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + BASE + "\nEXPOSE 80\n");
        String tag = tag("built");
        ImageBuild build = new ImageBuild(context, "Dockerfile", List.of(tag), Map.of(), Map.of(), Optional.empty());

        AssembledImage image = new EngineImageBuilder(engine, BuildListener.SILENT)
                .build(build, directory.resolve("built.tar"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(engine.image(tag)).isEmpty();
        assertThat(image.bytes()).isPositive();
        engine.load(image.archive());
        assertThat(engine.image(tag)).get().extracting("id").isEqualTo(image.id());
        engine.removeImage(tag);
    }

    private void comparesEqual(String dockerfile) throws IOException, InterruptedException {
        String ours = tag("ours");
        String theirs = tag("theirs");
        try {
            engine.load(assemble(dockerfile, ours));
            build(dockerfile, theirs);

            assertThat(configuration(ours)).isEqualTo(configuration(theirs));
            assertThat(files(ours, "/")).isEqualTo(files(theirs, "/"));
        } finally {
            engine.removeImage(ours);
            engine.removeImage(theirs);
        }
    }

    private void build(String dockerfile, String tag) throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), dockerfile);
        engine.build(
                new ImageBuild(directory, "Dockerfile", List.of(tag), Map.of(), Map.of(), Optional.empty()),
                line -> {});
    }

    private String tag(String purpose) {
        return "kube-image-it/" + purpose + ":" + id;
    }

    private Path assemble(String dockerfile, String tag) {
        Platform platform = new Platform("linux", engine.info().architecture());
        RecipeReader.Reading reading = RecipeReader.read(Dockerfile.parse(dockerfile), Map.of(), platform, platform);
        assertThat(reading).isInstanceOf(RecipeReader.Understood.class);
        BaseImageStore store = new BaseImageStore(directory.resolveSibling("store-" + id));
        ChainedBaseImages.Wanted wanted = new ChainedBaseImages.Wanted(ImageReference.of(BASE), platform.toString());
        ImageAssembler.Request request = new ImageAssembler.Request(
                new ChainedBaseImages(List.of(new EngineBaseImages(engine, store)))
                        .find(List.of(wanted))
                        .values()
                        .iterator()
                        .next(),
                ((RecipeReader.Understood) reading).recipe(),
                BuildContext.of(directory),
                List.of(tag),
                platform.toString(),
                Instant.parse("2021-01-13T13:40:20Z"),
                directory.resolveSibling("image-" + id + ".tar"),
                ImageAssembler.ownerOnly());
        return new ImageAssembler().assemble(request).archive();
    }

    /** What has to be equal of an image's configuration, as the engine saves it. */
    private String configuration(String tag) throws IOException {
        Map<String, byte[]> archive = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(engine.save(List.of(tag)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && entry.getSize() < 100_000) {
                    archive.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        JsonNode manifest = JSON.readTree(archive.get("manifest.json")).get(0);
        JsonNode config = JSON.readTree(archive.get(manifest.path("Config").asText()));
        ObjectNode compared = JSON.createObjectNode();
        for (String name : List.of("architecture", "os")) {
            compared.set(name, config.get(name));
        }
        for (String name : List.of("Env", "Entrypoint", "Cmd", "User", "WorkingDir", "Labels")) {
            JsonNode value = config.path("config").path(name);
            compared.put(name, value.isNull() || value.isMissingNode() ? "" : value.toString());
        }
        return compared.toPrettyString();
    }

    /** The flattened root file system: path to type, mode, owner, capability and content. */
    private Map<String, String> files(String tag, String path) throws IOException {
        Map<String, String> files = new TreeMap<>();
        String container = engine.create(ContainerSpec.of("kube-image-it-files-" + id, tag, List.of("x")));
        try (InputStream in = engine.copyOutOf(container, path);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String capability = entry.getExtraPaxHeader("SCHILY.xattr.security.capability");
                String content = entry.isFile() ? TarFixture.digest(tar.readAllBytes()) : entry.getLinkName();
                files.put(
                        entry.getName(),
                        "%s %o %d:%d %s %s"
                                .formatted(
                                        entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : "f",
                                        entry.getMode() & 07777,
                                        entry.getLongUserId(),
                                        entry.getLongGroupId(),
                                        capability == null
                                                ? "-"
                                                : TarFixture.digest(capability.getBytes(StandardCharsets.UTF_8)),
                                        content));
            }
        } finally {
            engine.remove(container);
        }
        return files;
    }
}
