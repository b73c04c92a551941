package io.kubebuild.mojo;

import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes the images of a release for one platform, as <code>make quick-release-images</code> does: <code>kube:release-images</code>, where
 * <code>kube.quick</code> is <code>true</code> unless somebody says otherwise.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "quick-release-images",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresProject = false,
        threadSafe = true)
public final class QuickReleaseImagesMojo extends ImageReleasingMojo {

    @Inject
    QuickReleaseImagesMojo(MavenProjectHelper helper) {
        super(helper);
    }

    @Override
    boolean isQuick() {
        return true;
    }
}
