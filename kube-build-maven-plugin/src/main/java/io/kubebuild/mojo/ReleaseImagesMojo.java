package io.kubebuild.mojo;

import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes the images of a release and none of its tarballs, as <code>make release-images</code> does: compiles what the images need, and
 * what <code>kube.extraWhat</code> names, copies it out, and puts the images into <code>_output/release-images</code>. Stage and
 * tarballs of an earlier release stay as they are.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "release-images",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresProject = false,
        threadSafe = true)
public final class ReleaseImagesMojo extends ImageReleasingMojo {

    @Inject
    ReleaseImagesMojo(MavenProjectHelper helper) {
        super(helper);
    }
}
