package io.kubebuild.mojo;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;

/**
 * Makes Maven's two exceptions of ours: what the user can change is a {@link MojoFailureException}, everything else a
 * {@link MojoExecutionException} with its cause. The message alone says what to do; {@code -e} only adds the stack trace.
 */
final class ErrorTranslator {

    /**
     * Translates an error of a build.
     *
     * @param error a RuntimeException, or an Error of the JVM that ends this build only
     * @return the exception to throw where the user is not to blame
     * @throws MojoFailureException where the user is
     */
    MojoExecutionException translate(Throwable error) throws MojoFailureException {
        if (error instanceof KubeException ours) {
            if (ours.blame() == KubeException.Blame.USER) {
                // Maven prints the messages of causes too, unless they are part of the text: ours would be said twice.
                throw new MojoFailureException(text(ours.problems()), ours.getCause());
            }
            List<Problem> problems = new ArrayList<>(ours.problems());
            JvmErrors.in(error).ifPresent(problems::add);
            return new MojoExecutionException(text(problems), error);
        }
        return new MojoExecutionException(
                text(List.of(JvmErrors.in(error).orElseGet(() -> problem(error)))), cause(error));
    }

    /** What wraps an error of files has the same words with a longer name before them, which Maven would print as well. */
    private static Throwable cause(Throwable error) {
        return error instanceof UncheckedIOException io && io.getCause() != null ? io.getCause() : error;
    }

    private static Problem problem(Throwable error) {
        if (error instanceof EngineException engine) {
            return ofEngine(engine);
        }
        if (error instanceof UncheckedIOException io && io.getCause() != null) {
            return ofFiles(io.getCause());
        }
        return new Problem(
                "the plugin failed where it should not: " + error,
                "",
                "run again with -e for the whole trace, and report it with that trace");
    }

    private static Problem ofEngine(EngineException error) {
        String message = String.valueOf(error.getMessage());
        return switch (error.kind()) {
            case UNREACHABLE ->
                new Problem(
                        "the Docker engine does not answer",
                        message,
                        "see that it runs (docker version), or name another one: -Dkube.docker.host=unix:///var/run/docker.sock");
            case NOT_FOUND ->
                new Problem(
                        "the Docker engine no longer has what the build made",
                        message,
                        "run the goal again: what somebody else removed is made anew");
            case UNAUTHORIZED ->
                new Problem(
                        "a registry refuses access",
                        message,
                        "add a <server> to settings.xml whose <id> is the registry's host, or run docker login");
            case CONFLICT ->
                new Problem(
                        "a container or image is in use by somebody else",
                        message,
                        "wait for the other build of this tree, or give this one names of its own: -Dkube.workspaceId=NAME");
            case NO_SPACE ->
                new Problem(
                        "the Docker engine's disk is full",
                        message,
                        "free space there (docker system df shows what takes it), then run the goal again");
            case OTHER ->
                new Problem(
                        "the Docker engine refused a request",
                        message,
                        "see the engine's log; run again with -X for more");
        };
    }

    private static Problem ofFiles(IOException error) {
        String message = error.getClass().getSimpleName() + ": " + error.getMessage();
        if (String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT).contains("no space left")) {
            return new Problem(
                    "the disk is full", message, "free space, or write elsewhere: -Dkube.outputDirectory=DIRECTORY");
        }
        if (error instanceof java.nio.file.AccessDeniedException
                || String.valueOf(error.getMessage()).contains("Read-only file system")) {
            return new Problem(
                    "a file may not be written",
                    message,
                    "give this user the right to, or write elsewhere: -Dkube.outputDirectory=DIRECTORY");
        }
        return new Problem("a file could not be read or written", message, "run again with -e for the whole trace");
    }

    private static String text(List<Problem> problems) {
        if (problems.size() == 1) {
            return problems.get(0).text();
        }
        return problems.size() + " problems:\n"
                + IntStream.range(0, problems.size())
                        .mapToObj(i -> (i + 1) + ". " + problems.get(i).text().replace("\n", "\n   "))
                        .collect(Collectors.joining("\n"));
    }
}
