package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.Problem;
import io.kubebuild.step.Pipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a Go build cache into the workspace that <code>kube:cache-export</code> wrote, on this machine or another, so that the next
 * compile has less to do. Runs the steps up to <code>kube:sync</code> first. A cache that is not there, is damaged or was made with
 * another plugin or cross image is told and left.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "cache-import",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.GENERATE_RESOURCES,
        requiresProject = false,
        threadSafe = true)
public final class CacheImportMojo extends CacheMojo {

    private final RepositorySystem repositorySystem;

    /**
     * The cache that <code>kube:cache-import</code> takes from a Maven repository instead of a file, as
     * <code>groupId:artifactId:version</code> of the project that <code>kube:cache-export</code> ran in. The repositories are those of
     * the project and of settings.xml. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cache.artifact")
    @Nullable
    String cacheArtifact;

    private Optional<CacheArtifact> artifact = Optional.empty();

    @Inject
    CacheImportMojo(RepositorySystem repositorySystem) {
        this.repositorySystem = repositorySystem;
    }

    @Override
    void readMore(ParameterReader reader) {
        super.readMore(reader);
        artifact = reader.parsed(
                ParameterName.of("kube.cache.artifact"),
                cacheArtifact,
                CacheArtifact::parse,
                "groupId:artifactId:version, such as com.example:kubernetes:1.20.2");
        if (file().isPresent() && artifact.isPresent()) {
            reader.problem(new Problem(
                    "both kube.cache.file and kube.cache.artifact say where the cache is", "", "give one of them"));
        }
    }

    @Override
    Optional<Path> file(FileParameters files, ParameterName name) {
        return files.toTry(name, cacheFile);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        if (artifact.isEmpty()) {
            pipeline.importCache(file());
            return;
        }
        // Without a POM, Maven's own stand-in for a project has those of settings.xml.
        List<RemoteRepository> repositories = project == null ? List.of() : project.getRemoteProjectRepositories();
        try {
            Path resolved = artifact.get().resolve(repositorySystem, session.getRepositorySession(), repositories);
            pipeline.importCache(Optional.of(resolved));
        } catch (ArtifactResolutionException e) {
            listener.on(new BuildListener.Warning("ignoring the cache " + artifact.get() + ": " + e.getMessage()));
        }
    }
}
