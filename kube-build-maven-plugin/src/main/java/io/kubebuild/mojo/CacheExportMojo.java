package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Writes what the last build used of the workspace's Go build cache into one file, with the linked programs and the generated sources, for
 * <code>kube:cache-import</code> elsewhere. With a POM the file becomes an artifact of the project: classifier <code>cache</code>, type
 * <code>tar.zst</code>.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "cache-export",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresProject = false,
        threadSafe = true)
public final class CacheExportMojo extends CacheMojo {

    private final MavenProjectHelper helper;

    @Inject
    CacheExportMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    Optional<Path> file(FileParameters files, ParameterName name) {
        return files.toWrite(name, cacheFile);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        Path written = pipeline.exportCache(file());
        if (hasPom()) {
            helper.attachArtifact(projectOrFail(), CacheArtifact.TYPE, CacheArtifact.CLASSIFIER, written.toFile());
        }
    }
}
