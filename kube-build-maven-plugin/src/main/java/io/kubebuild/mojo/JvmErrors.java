package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import java.util.Locale;
import java.util.Optional;

/** Errors of the Java virtual machine in words: memory, stack, classes and native libraries that do not load. */
final class JvmErrors {

    private static final int DEEPEST = 20;
    private static final long MIB = 1 << 20;

    private JvmErrors() {}

    /** The first of them among a failure and its causes; what was thrown in another thread is wrapped. */
    static Optional<Problem> in(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            if (cause instanceof OutOfMemoryError memory) {
                return Optional.of(memory(memory));
            }
            if (cause instanceof StackOverflowError) {
                return Optional.of(stack());
            }
            if (cause instanceof LinkageError linkage) {
                return Optional.of(isNative(linkage) ? nativeLibrary(linkage) : classes(linkage));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Problem memory(OutOfMemoryError error) {
        String message = String.valueOf(error.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("thread")) {
            return new Problem(
                    "this machine starts no more threads for Maven",
                    message,
                    "allow this user more processes (ulimit -u), or the container that Maven runs in (docker run --pids-limit);"
                            + " other builds of this user count as well");
        }
        if (lower.contains("direct buffer")) {
            return new Problem(
                    "Maven's JVM has no memory left outside of its heap",
                    message,
                    "give it more: MAVEN_OPTS=-XX:MaxDirectMemorySize=1g");
        }
        if (lower.contains("metaspace")) {
            return new Problem(
                    "Maven's JVM has no memory left for classes",
                    message,
                    "give it more, or no limit: take -XX:MaxMetaspaceSize out of MAVEN_OPTS and .mvn/jvm.config");
        }
        return new Problem(
                "Maven's JVM has no memory left",
                message + ", of at most " + Runtime.getRuntime().maxMemory() / MIB + " MiB",
                "give it more: MAVEN_OPTS=-Xmx2g; compilers run elsewhere, so that kube.memory does not change this");
    }

    private static Problem stack() {
        return new Problem(
                "Maven's JVM has no stack left",
                "something is nested deeper than any real tree, image or answer",
                "give it more: MAVEN_OPTS=-Xss8m; if that does not help, run again with -e and report it with that trace");
    }

    /** The library's classes fail for good after the first time, and no longer say why. */
    private static boolean isNative(LinkageError error) {
        return error instanceof UnsatisfiedLinkError
                || error instanceof ExceptionInInitializerError
                || String.valueOf(error.getMessage()).contains("zstd");
    }

    private static Problem nativeLibrary(LinkageError error) {
        return new Problem(
                "a native library cannot be loaded on this machine",
                firstLine(error) + "; directories that are mounted noexec do not allow that",
                "name a directory in which programs may be run: MAVEN_OPTS=-Djava.io.tmpdir=DIRECTORY");
    }

    private static Problem classes(LinkageError error) {
        return new Problem(
                "the plugin meets classes of another version than it was made with: " + firstLine(error),
                "either the plugin has <dependencies> of its own in the POM, or an extension (.mvn/extensions.xml, lib/ext of"
                        + " Maven) brings such a library along, or a file in the local repository is damaged",
                "take the dependencies or the extension out; or remove the library from the local repository, so that it is"
                        + " fetched again; run with -X to see the plugin's class path");
    }

    private static String firstLine(Throwable error) {
        return error.toString().lines().findFirst().orElse("");
    }
}
