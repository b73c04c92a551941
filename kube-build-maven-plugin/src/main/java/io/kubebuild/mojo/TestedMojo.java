package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** What all goals that may run tests of the tree have in common: how they are run, and where reports go. */
abstract class TestedMojo extends KubeMojo {

    /**
     * More arguments for the tests, for example <code>-run ^TestParse$</code>. Default: none. Upstream's variable: KUBE_TEST_ARGS.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.test.args")
    @Nullable
    String testArgs;

    /**
     * The etcd program for tests that need one, a file of this machine that runs on the engine's platform. Default: the one in the cross
     * image or in <code>third_party/etcd</code> of the tree; it is an error if there is none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.test.etcd")
    @Nullable
    String testEtcd;

    /**
     * Directory for JUnit reports, relative to the tree if relative, and not among its sources. Default: <code>surefire-reports</code> in the project's build
     * directory; without a POM <code>target/surefire-reports</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.test.reports")
    @Nullable
    String testReports;

    /** For a Mojo of this package. */
    TestedMojo() {}

    /** How tests are run, whichever they are. */
    record Manner(Optional<String> arguments, Optional<Path> etcd, Path reports) {

        TestRequest of(String goal, List<String> what) {
            return new TestRequest(goal, what, arguments, etcd, reports);
        }
    }

    final Manner tests(ParameterReader reader) {
        FileParameters files = files(reader);
        Optional<Path> etcd = files.path(ParameterName.of("kube.test.etcd"), testEtcd);
        etcd.filter(file -> !Files.isRegularFile(file) || !Files.isReadable(file))
                .ifPresent(file -> reader.problem(new Problem(
                        "kube.test.etcd is " + file
                                + (Files.isRegularFile(file) ? ", which may not be read" : ", which is no file"),
                        "",
                        "name an etcd program, for example /usr/bin/etcd, or leave it out")));
        return new Manner(
                reader.text(ParameterName.of("kube.test.args", "KUBE_TEST_ARGS"), testArgs),
                etcd.map(Path::toAbsolutePath),
                tree().resolve(files.toFill(ParameterName.of("kube.test.reports"), testReports)
                        .orElseGet(this::usualReports)));
    }

    private Path usualReports() {
        Path directory = hasPom() ? Path.of(projectOrFail().getBuild().getDirectory()) : Path.of("target");
        return directory.resolve("surefire-reports");
    }
}
