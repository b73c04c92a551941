package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the last build used of the workspace's Go build cache into one file, with the linked programs and the generated sources, for
 * <code>kube:cache-import</code> elsewhere. With a POM the file becomes an artifact of the project: classifier <code>cache</code>, type
 * <code>tar.zst</code>.
 */
@Mojo(name = "cache-export", defaultPhase = LifecyclePhase.PACKAGE, requiresProject = false, threadSafe = true)
public final class CacheExportMojo extends KubeMojo {

    private final MavenProjectHelper helper;

    /**
     * The file of the goals <code>kube:cache-export</code> and <code>kube:cache-import</code>, relative to the tree if relative.
     * Default: <code>kube-build-cache.tar.zst</code> in the output directory.
     */
    @Parameter(property = "kube.cache.file")
    @Nullable
    String cacheFile;

    private Optional<Path> file = Optional.empty();

    @Inject
    CacheExportMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    void readMore(ParameterReader reader) {
        file = reader.text(ParameterName.of("kube.cache.file"), cacheFile).map(Path::of);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        Path written = pipeline.exportCache(file);
        if (hasPom()) {
            helper.attachArtifact(projectOrFail(), CacheArtifact.TYPE, CacheArtifact.CLASSIFIER, written.toFile());
        }
    }
}
