package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheArtifactTest {

    private final List<ArtifactRequest> asked = new ArrayList<>();

    @Test
    void coordinatesHaveThreeParts() {
        assertThat(CacheArtifact.parse("com.example:kubernetes:1.20.2-SNAPSHOT"))
                .contains(new CacheArtifact("com.example", "kubernetes", "1.20.2-SNAPSHOT"));
        assertThat(List.of("com.example:kubernetes", "a:b:c:d", "a::c", "", "a:b/..:c"))
                .allSatisfy(text -> assertThat(CacheArtifact.parse(text)).isEmpty());
    }

    @Test
    void theCacheIsAskedForByClassifierAndType(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("cache");
        CacheArtifact artifact = new CacheArtifact("com.example", "kubernetes", "1.20.2");

        assertThat(artifact.resolve(
                        repositoryWith(file), new org.eclipse.aether.DefaultRepositorySystemSession(), List.of()))
                .isEqualTo(file);
        assertThat(asked).singleElement().satisfies(request -> assertThat(request.getArtifact())
                .hasToString("com.example:kubernetes:tar.zst:cache:1.20.2"));
    }

    @Test
    void fileAndArtifactTogetherAreAProblem(@TempDir Path directory) {
        GoalBench bench = GoalBench.of(new CacheImportMojo(repositoryWith(directory)), "cache-import", directory)
                .property("kube.cache.file", "cache.tar.zst")
                .property("kube.cache.artifact", "com.example:kubernetes:1.20.2");

        assertThatThrownBy(bench::request)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("both kube.cache.file and kube.cache.artifact");
    }

    @Test
    void coordinatesOfAnotherFormAreAProblem(@TempDir Path directory) {
        GoalBench bench = GoalBench.of(new CacheImportMojo(repositoryWith(directory)), "cache-import", directory)
                .property("kube.cache.artifact", "kubernetes");

        assertThatThrownBy(bench::request)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("-Dkube.cache.artifact=kubernetes is not valid");
    }

    @Test
    void buildsTakeFilesBeforeAndAfter(@TempDir Path directory) {
        GoalBench bench = GoalBench.of(new VerifyPrereqsMojo(), "release", directory)
                .property("kube.cache.import", "in.tar.zst")
                .property("kube.cache.export", "/shared/out.tar.zst");

        assertThat(bench.request().cache().importFrom()).contains(Path.of("in.tar.zst"));
        assertThat(bench.request().cache().exportTo()).contains(Path.of("/shared/out.tar.zst"));
    }

    private RepositorySystem repositoryWith(Path file) {
        return (RepositorySystem) Proxy.newProxyInstance(
                RepositorySystem.class.getClassLoader(),
                new Class<?>[] {RepositorySystem.class},
                (proxy, method, arguments) -> {
                    ArtifactRequest request = (ArtifactRequest) arguments[1];
                    asked.add(request);
                    return new ArtifactResult(request)
                            .setArtifact(request.getArtifact().setFile(file.toFile()));
                });
    }
}
