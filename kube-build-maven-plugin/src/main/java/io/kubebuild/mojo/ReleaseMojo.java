package io.kubebuild.mojo;

import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes a whole release: the six steps from <code>verify-prereqs</code> to <code>package-tarballs</code>, in one go. What is up to
 * date is not done again. Works with and without a POM.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "release",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresProject = false,
        threadSafe = true)
public final class ReleaseMojo extends ReleasingMojo {

    @Inject
    ReleaseMojo(MavenProjectHelper helper) {
        super(helper);
    }
}
