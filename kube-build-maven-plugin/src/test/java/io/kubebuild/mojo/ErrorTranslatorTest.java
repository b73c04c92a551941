package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTranslatorTest {

    private final ErrorTranslator translator = new ErrorTranslator();

    @Test
    void theUsersProblemsAreAFailureThatListsThemAll() {
        KubeException error = KubeException.user(List.of(
                new Problem("a is wrong", "it is no b", "write b"), new Problem("c is missing", "", "add c\nor d")));

        assertThatExceptionOfType(MojoFailureException.class)
                .isThrownBy(() -> translator.translate(error))
                .withMessage("""
                        2 problems:
                        1. a is wrong
                             why: it is no b
                             fix: write b
                        2. c is missing
                             fix: add c
                                  or d""")
                .withNoCause();
    }

    @Test
    void aSingleProblemIsNotCounted() {
        assertThatExceptionOfType(MojoFailureException.class)
                .isThrownBy(() -> translator.translate(KubeException.user("a is wrong", "", "write b")))
                .withMessage("a is wrong\n  fix: write b");
    }

    @Test
    void aFailedBuildIsAnExecutionExceptionWithItsCause() throws MojoFailureException {
        KubeException error = KubeException.build("go failed", "exit code 2", "see the log", new IOException("pipe"));

        MojoExecutionException translated = translator.translate(error);

        assertThat(translated)
                .hasMessage("go failed\n  why: exit code 2\n  fix: see the log")
                .hasCause(error);
    }

    @ParameterizedTest
    @EnumSource(EngineException.Kind.class)
    void everyFailureOfTheEngineHasAFix(EngineException.Kind kind) throws MojoFailureException {
        MojoExecutionException translated = translator.translate(new EngineException(kind, "what it said", null));

        assertThat(translated.getMessage()).contains("why: what it said", "fix: ");
    }

    @Test
    void anEngineThatDoesNotAnswerIsNamedSo() throws MojoFailureException {
        assertThat(translator.translate(
                        new EngineException(EngineException.Kind.UNREACHABLE, "connection refused", null)))
                .hasMessageContaining("the Docker engine does not answer")
                .hasMessageContaining("-Dkube.docker.host=");
    }

    @Test
    void aFullDiskIsNamedSo() throws MojoFailureException {
        assertThat(translator.translate(new UncheckedIOException(new IOException("write: No space left on device"))))
                .hasMessageStartingWith("the disk is full");
    }

    /** Maven prints the message of each cause that the one before does not hold. */
    @Test
    void aTreeThatIsReadOnlyIsToldOnce() throws MojoFailureException {
        MojoExecutionException translated = translator.translate(
                new UncheckedIOException(new FileSystemException("/tree/x", null, "Read-only file system")));

        assertThat(translated).hasMessageStartingWith("a file may not be written");
        for (Throwable cause = translated.getCause(); cause != null; cause = cause.getCause()) {
            assertThat(translated.getMessage()).contains(String.valueOf(cause.getMessage()));
        }
    }

    @Test
    void theUnexpectedAsksForATrace() throws MojoFailureException {
        IllegalStateException error = new IllegalStateException("no such era");

        assertThat(translator.translate(error))
                .hasMessageContaining("IllegalStateException: no such era")
                .hasMessageContaining("run again with -e")
                .hasCause(error);
    }

    static Stream<Arguments> errorsOfTheJvm() {
        return Stream.of(
                arguments(
                        new UnsatisfiedLinkError("/tmp/libzstd-jni.so: failed to map segment from shared object"),
                        "a native library cannot be loaded on this machine",
                        "MAVEN_OPTS=-Djava.io.tmpdir=DIRECTORY"),
                arguments(
                        new NoClassDefFoundError("Could not initialize class com.github.luben.zstd.Zstd"),
                        "a native library cannot be loaded on this machine",
                        "noexec"),
                arguments(
                        new NoSuchMethodError("'void com.fasterxml.jackson.core.JsonFactory.x()'"),
                        "the plugin meets classes of another version than it was made with: java.lang.NoSuchMethodError",
                        "run with -X to see the plugin's class path"),
                arguments(
                        new OutOfMemoryError("Java heap space"), "Maven's JVM has no memory left", "MAVEN_OPTS=-Xmx2g"),
                arguments(
                        new OutOfMemoryError("Cannot reserve 1048576 bytes of direct buffer memory"),
                        "Maven's JVM has no memory left outside of its heap",
                        "MAVEN_OPTS=-XX:MaxDirectMemorySize=1g"),
                arguments(
                        new OutOfMemoryError("Metaspace"), "Maven's JVM has no memory left for classes", "MAVEN_OPTS"),
                arguments(
                        new OutOfMemoryError("unable to create native thread: possibly out of memory or"
                                + " process/resource limits reached"),
                        "this machine starts no more threads for Maven",
                        "ulimit -u"),
                arguments(new StackOverflowError(), "Maven's JVM has no stack left", "MAVEN_OPTS=-Xss8m"));
    }

    @ParameterizedTest
    @MethodSource("errorsOfTheJvm")
    void errorsOfTheJvmAreTold(Error error, String what, String fix) throws MojoFailureException {
        for (Throwable thrown : List.of(error, new IllegalStateException(new IOException(error)))) {
            assertThat(translator.translate(thrown))
                    .hasMessageStartingWith(what)
                    .hasMessageContaining("why: ")
                    .hasMessageContaining(fix)
                    .hasCause(thrown);
        }
    }

    @Test
    void anErrorOfTheJvmBehindAFailedStepIsToldWithIt() throws MojoFailureException {
        KubeException error = KubeException.build(
                "the tarballs could not be written",
                "compressing failed",
                "make room",
                new OutOfMemoryError("Java heap space"));

        assertThat(translator.translate(error))
                .hasMessageStartingWith("2 problems:\n1. the tarballs could not be written")
                .hasMessageContaining("2. Maven's JVM has no memory left");
    }
}
