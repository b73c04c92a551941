package io.kubebuild.mojo;

import io.kubebuild.request.BuildRequest;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;
import org.jspecify.annotations.Nullable;

/** What the goals that make the images of a release alone have in common. */
abstract class ImageReleasingMojo extends KubeMojo {

    /**
     * What to compile besides what the images need, for the same platforms: targets separated by commas or blanks; for example
     * <code>cmd/kubeadm,cmd/kubectl,cmd/kubelet</code>. A target that the tree does not have is an error. Default: none. Upstream's
     * variable: KUBE_EXTRA_WHAT.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.extraWhat")
    @Nullable
    List<String> extraWhat;

    private final MavenProjectHelper helper;

    /** For a Mojo of this package. */
    ImageReleasingMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    final List<String> targets(ParameterReader reader) {
        return reader.words(ParameterName.of("kube.extraWhat", "KUBE_EXTRA_WHAT"), extraWhat);
    }

    @Override
    final BuildRequest.Packaging packaging() {
        return BuildRequest.Packaging.IMAGES;
    }

    @Override
    final void build(Pipeline pipeline, LogListener listener) {
        attach(pipeline.releaseImages(), helper, listener);
    }
}
