package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EngineException;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.TarFixture;
import io.kubebuild.image.base.ArchiveBaseImages;
import io.kubebuild.image.base.BaseImageSource;
import io.kubebuild.image.base.BaseImageStore;
import io.kubebuild.io.Packing;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest.CacheSettings;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.OtherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A machine on which zstd's native library cannot be loaded, as where the temporary directory is mounted noexec. A JVM of its own for each, in
 * which the library is a text.
 */
class WithoutNativeCodeTest {

    private static final String WAY_OUT = "MAVEN_OPTS=-DZstdTempFolder=DIRECTORY";

    private final Path directory;

    WithoutNativeCodeTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anExportAfterTheBuildIsRefusedBeforeIt() throws Exception {
        assertThat(run("export"))
                .contains("kube.cache.export needs zstd, which cannot be used on this machine", WAY_OUT)
                .contains("or leave out kube.cache.export")
                .contains("engine: []");
    }

    @Test
    void anImportBeforeTheCompileIsRefusedLikewise() throws Exception {
        assertThat(run("import"))
                .contains("kube.cache.import needs zstd, which cannot be used on this machine", WAY_OUT)
                .contains("engine: []");
    }

    @Test
    void theGoalsForCachesAreRefusedAtOnce() throws Exception {
        assertThat(run("goals"))
                .contains("kube:cache-export needs zstd, which cannot be used on this machine", WAY_OUT)
                .contains("kube:cache-import needs zstd, which cannot be used on this machine")
                .contains("engine: []");
    }

    @Test
    void aBaseImageThatNeedsItSaysSo() throws Exception {
        byte[] layer = new TarFixture().file("a", "x").bytes();
        Files.write(
                directory.resolve("image"),
                TarFixture.packed(
                        new TarFixture()
                                .file("c", TarFixture.config("amd64", layer))
                                .file("l", layer)
                                .file("manifest.json", "[{\"Config\":\"c\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"l\"]}]")
                                .bytes(),
                        Packing.ZSTD));

        assertThat(run("image")).contains("zstd cannot be used on this machine: its native library", WAY_OUT);
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new UnsatisfiedLinkError("failed to map segment from shared object"),
                new NoClassDefFoundError("com/github/luben/zstd/Zstd"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError(),
                new IllegalStateException("unexpected"),
                new EngineException(EngineException.Kind.UNREACHABLE, "connection refused", null),
                KubeException.build("the cache could not be written", "disk full", "make room"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExportThatFailsAfterTheBuildIsAWarning(Throwable failure) {
        Heard heard = new Heard();

        assertThatCode(() -> CacheTrouble.orWarn(heard, () -> {
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failure;
                }))
                .doesNotThrowAnyException();

        assertThat(heard.warnings()).singleElement().asString().startsWith("no cache was exported: ");
    }

    @Test
    void theUserWhoEndsAnExportEndsTheBuild() {
        assertThatThrownBy(() -> CacheTrouble.orWarn(BuildListener.SILENT, () -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
    }

    private String run(String what) throws IOException, InterruptedException {
        Path library = Files.writeString(directory.resolve("libzstd.so"), "no library\n");
        return OtherJvm.run(
                OtherJvm.of(Machine.class, List.of("-DZstdNativePath=" + library), what, directory.toString()));
    }

    /** Runs in the other JVM. */
    static final class Machine {

        private Machine() {}

        @SuppressWarnings("SystemOut") // the test reads it
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[1]);
            List<String> said = new ArrayList<>();
            if (arguments[0].equals("image")) {
                ImageReference name = ImageReference.of("a:1");
                BaseImageSource.Answer answer = new ArchiveBaseImages(
                                Map.of(name, directory.resolve("image")),
                                new BaseImageStore(directory.resolve("store")))
                        .find(name, "linux/amd64");
                said.add(answer.toString());
            } else {
                FakeBench bench = FakeBench.in(directory);
                Optional<Path> file = Optional.of(directory.resolve("cache.tar.zst"));
                CacheSettings cache =
                        switch (arguments[0]) {
                            case "export" -> new CacheSettings(Optional.empty(), file);
                            case "import" -> new CacheSettings(file, Optional.empty());
                            default -> CacheSettings.NONE;
                        };
                Pipeline pipeline = bench.pipeline(bench.request().cache(cache).build());
                if (arguments[0].equals("goals")) {
                    said.add(refusal(() -> pipeline.exportCache(file)));
                    said.add(refusal(() -> pipeline.importCache(file)));
                } else {
                    said.add(refusal(() -> pipeline.run(List.of(StepName.COPY_OUTPUT), true)));
                }
                said.add("engine: " + bench.engine().calls());
            }
            System.out.println(String.join("\n", said));
        }

        private static String refusal(Runnable build) {
            try {
                build.run();
                return "nothing was refused";
            } catch (KubeException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
