package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import io.kubebuild.step.Pipeline;
import io.kubebuild.step.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** What the goals that run tests of the tree have in common. */
abstract class TestingMojo extends KubeMojo {

    /**
     * What to test: packages such as <code>./pkg/util/...</code> for kube:test and kube:test-integration, names of suites for
     * kube:test-cmd, separated by commas or blanks, as upstream's WHAT. Default: all that the tree tests.
     */
    @Parameter(property = "kube.test.what")
    @Nullable
    List<String> testWhat;

    /** More arguments for the tests, for example <code>-run ^TestParse$</code>. Default: none. Upstream's variable: KUBE_TEST_ARGS. */
    @Parameter(property = "kube.test.args")
    @Nullable
    String testArgs;

    /**
     * The etcd program for tests that need one, a file of this machine that runs on the engine's platform. Default: the one in the cross
     * image or in <code>third_party/etcd</code> of the tree; it is an error if there is none.
     */
    @Parameter(property = "kube.test.etcd")
    @Nullable
    String testEtcd;

    /**
     * Directory for JUnit reports, relative to the tree if relative. Default: <code>surefire-reports</code> in the project's build
     * directory; without a POM <code>target/surefire-reports</code>.
     */
    @Parameter(property = "kube.test.reports")
    @Nullable
    String testReports;

    private Optional<TestRequest> tests = Optional.empty();

    /** For a Mojo of this package. */
    TestingMojo() {}

    @Override
    final boolean packages() {
        return false;
    }

    @Override
    final void readMore(ParameterReader reader) {
        Optional<Path> etcd =
                reader.text(ParameterName.of("kube.test.etcd"), testEtcd).map(Path::of);
        etcd.filter(file -> !Files.isRegularFile(file))
                .ifPresent(file -> reader.problem(new Problem(
                        "kube.test.etcd is " + file + ", which is no file",
                        "",
                        "name an etcd program, for example /usr/bin/etcd, or leave it out")));
        tests = Optional.of(new TestRequest(
                execution.getMojoDescriptor().getGoal(),
                reader.words(ParameterName.of("kube.test.what"), testWhat),
                reader.text(ParameterName.of("kube.test.args", "KUBE_TEST_ARGS"), testArgs),
                etcd.map(Path::toAbsolutePath),
                tree().resolve(reader.text(ParameterName.of("kube.test.reports"), testReports)
                        .map(Path::of)
                        .orElseGet(this::usualReports))));
    }

    private Path usualReports() {
        Path directory = hasPom() ? Path.of(projectOrFail().getBuild().getDirectory()) : Path.of("target");
        return directory.resolve("surefire-reports");
    }

    @Override
    final void build(Pipeline pipeline, LogListener listener) {
        pipeline.test(tests.orElseThrow());
    }
}
