package io.kubebuild.mojo;

import io.kubebuild.request.TestRequest;
import io.kubebuild.step.Pipeline;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** What the goals that run tests of the tree have in common. */
abstract class TestingMojo extends TestedMojo {

    /**
     * What to test: packages such as <code>./pkg/util/...</code> for kube:test and kube:test-integration, names of suites for
     * kube:test-cmd, separated by commas or blanks, as upstream's WHAT. Default: all that the tree tests.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.test.what")
    @Nullable
    List<String> testWhat;

    private static final Pattern TEST =
            Pattern.compile("(?!.{1024})(?:\\./)?(?!(?:.*/)?\\.\\.(?:/|$))(?:[A-Za-z0-9_.][A-Za-z0-9_.~+-]*/?)++");

    private Optional<TestRequest> tests = Optional.empty();

    /** For a Mojo of this package. */
    TestingMojo() {}

    @Override
    final boolean packages() {
        return false;
    }

    @Override
    final void readMore(ParameterReader reader) {
        tests = Optional.of(tests(reader)
                .of(
                        execution.getMojoDescriptor().getGoal(),
                        reader.words(
                                ParameterName.of("kube.test.what"),
                                testWhat,
                                word -> Optional.of(word).filter(this::isTest),
                                "packages of this tree such as ./pkg/util/..., or names of suites")));
    }

    /** The name of a suite, or a directory of the tree, as make hands them to go. */
    private boolean isTest(String word) {
        if (!TEST.matcher(word).matches()) {
            return false;
        }
        String path = word.replaceFirst("^(\\./|k8s\\.io/kubernetes/)", "").replaceFirst("/?\\.\\.\\.$", "");
        return !word.contains("/")
                || Stream.of("", "vendor", "staging/src")
                        .anyMatch(root -> Files.isDirectory(tree().resolve(root).resolve(path)));
    }

    @Override
    final void build(Pipeline pipeline, LogListener listener) {
        pipeline.test(tests.orElseThrow());
    }
}
