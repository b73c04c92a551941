package io.kubebuild.mojo;

import org.apache.maven.plugins.annotations.Mojo;

/**
 * Runs the tree's tests of kubectl's command line, which need etcd, in the build container, as <code>make test-cmd</code> does there. Every test is in a JUnit
 * report where build servers look for it; a test that fails fails the build.
 *
 * @since 0.1.0
 */
@Mojo(name = "test-cmd", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class TestCmdMojo extends TestingMojo {}
