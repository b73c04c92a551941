package io.kubebuild.mojo;

import org.apache.maven.plugins.annotations.Mojo;

/**
 * Runs the tree's integration tests, which need etcd, in the build container, as <code>make test-integration</code> does there. Every test is in a JUnit
 * report where build servers look for it; a test that fails fails the build.
 *
 * @since 0.1.0
 */
@Mojo(name = "test-integration", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class TestIntegrationMojo extends TestingMojo {}
