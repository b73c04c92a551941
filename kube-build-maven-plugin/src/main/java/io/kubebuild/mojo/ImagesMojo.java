package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Lists the images that a release of this tree needs from elsewhere, the cross image and the bases of all images, with where each is or
 * will come from; brings them into the engine, or from one site to another as files. The cross image has to be there, or to be had: the
 * tree's scripts, which name the others, run in it.
 *
 * @since 0.1.0
 */
@Mojo(name = "images", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class ImagesMojo extends KubeMojo {

    /**
     * <code>true</code> to bring all of them into the engine, by <code>kube.pull</code>. Default: <code>false</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.images.pull")
    @Nullable
    String imagesPull;

    /**
     * Directory that takes an archive of each image, as <code>docker save</code> writes it, relative to the tree if relative, and not
     * among its sources; they are
     * brought into the engine for it. Default: nothing is saved.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.images.save")
    @Nullable
    String imagesSave;

    /**
     * Directory with such archives, or others that <code>docker load</code> takes (compressed ones, OCI layouts), whatever they are called,
     * relative to the tree if relative: all of them go into the engine first. What is no archive of images is told. Default: nothing is
     * loaded.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.images.load")
    @Nullable
    String imagesLoad;

    private boolean pulls;
    private Optional<Path> save = Optional.empty();
    private Optional<Path> load = Optional.empty();

    @Override
    boolean packages() {
        return false;
    }

    @Override
    void readMore(ParameterReader reader) {
        pulls = reader.flag(ParameterName.of("kube.images.pull"), imagesPull).orElse(false);
        FileParameters files = files(reader);
        save = files.toFill(ParameterName.of("kube.images.save"), imagesSave).map(tree()::resolve);
        load = files.toTakeArchivesFrom(ParameterName.of("kube.images.load"), imagesLoad);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.images(load, pulls, save);
    }
}
