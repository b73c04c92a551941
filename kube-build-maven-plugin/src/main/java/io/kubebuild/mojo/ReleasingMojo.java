package io.kubebuild.mojo;

import io.kubebuild.request.TestRequest;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;
import org.jspecify.annotations.Nullable;

/** What the goals that make a whole release have in common: the six steps, and artifacts where there is a project. */
abstract class ReleasingMojo extends TestedMojo {

    /**
     * <code>true</code> to run the tree's unit tests, then its integration tests, after the compile, as kube:test and
     * kube:test-integration do; nothing is copied out and packaged where one fails. Default: <code>false</code>, where
     * <code>make release</code> runs them. Upstream's variable: KUBE_RELEASE_RUN_TESTS (<code>y</code> or <code>n</code>), which
     * kube:quick-release does not read, as upstream.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.release.runTests")
    @Nullable
    String releaseRunTests;

    private final MavenProjectHelper helper;
    private List<TestRequest> tests = List.of();

    /** For a Mojo of this package. */
    ReleasingMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    final void readMore(ParameterReader reader) {
        boolean wanted = (isQuick()
                        ? reader.flag(ParameterName.of("kube.release.runTests"), releaseRunTests)
                        : reader.flag(
                                ParameterName.of("kube.release.runTests", "KUBE_RELEASE_RUN_TESTS"),
                                releaseRunTests,
                                "y",
                                "n"))
                .orElse(false);
        Manner manner = tests(reader);
        tests = wanted ? List.of(manner.of("test", List.of()), manner.of("test-integration", List.of())) : List.of();
    }

    @Override
    final void build(Pipeline pipeline, LogListener listener) {
        attach(pipeline.release(tests), helper, listener);
    }
}
