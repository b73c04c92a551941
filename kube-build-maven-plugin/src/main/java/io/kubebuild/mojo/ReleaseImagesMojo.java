package io.kubebuild.mojo;

import org.apache.maven.plugins.annotations.Mojo;

/**
 * Makes the images of a release and none of its tarballs, as <code>make release-images</code> does: compiles what the images need, and
 * what <code>kube.extraWhat</code> names, copies it out, and puts the images into <code>_output/release-images</code>. Stage and
 * tarballs of an earlier release stay as they are.
 */
@Mojo(name = "release-images", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class ReleaseImagesMojo extends ImageReleasingMojo {}
