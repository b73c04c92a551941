package io.kubebuild.mojo;

import org.apache.maven.plugins.annotations.Mojo;

/**
 * Makes the images of a release for one platform, as <code>make quick-release-images</code> does: <code>kube:release-images</code>, where
 * <code>kube.quick</code> is <code>true</code> unless somebody says otherwise.
 */
@Mojo(
        name = "quick-release-images",
        configurator = ParameterConfigurator.HINT,
        requiresProject = false,
        threadSafe = true)
public final class QuickReleaseImagesMojo extends ImageReleasingMojo {

    @Override
    boolean isQuick() {
        return true;
    }
}
