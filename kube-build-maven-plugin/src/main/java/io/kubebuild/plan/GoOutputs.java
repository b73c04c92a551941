package io.kubebuild.plan;

import io.kubebuild.tree.Platform;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Go's own rules for where a command leaves its programs.
 *
 * <p>Sources: {@code go help install}, {@code go help build}, {@code go help test}; the name of a program is the last element
 * of the import path, and on modules the one before it where the last is a major version ({@code v2}).
 */
final class GoOutputs {

    private static final Pattern MAJOR_VERSION = Pattern.compile("v([2-9]|[1-9][0-9]+)");

    private static final String KUBERNETES = "k8s.io/kubernetes/";

    private static final String GODEPS = "/Godeps/_workspace";

    private final Toolchain toolchain;

    GoOutputs(Toolchain toolchain) {
        this.toolchain = toolchain;
    }

    /** The file that a command writes for one of its packages, absolute. */
    String path(GoCommand command, String packagePath) {
        Platform platform = command.platform(toolchain);
        String name = programName(command, packagePath);
        String program = platform.program(command.verb().equals("test") ? name + ".test" : name);
        if (command.verb().equals("install")) {
            return installDirectory(command, packagePath, platform) + "/" + program;
        }
        Optional<String> output = command.output();
        String file = output.map(given -> given.endsWith("/") ? given + program : given)
                .orElse(program);
        return normalized(file.startsWith("/") ? file : command.effectiveDirectory() + "/" + file);
    }

    private String installDirectory(GoCommand command, String packagePath, Platform platform) {
        Optional<String> gobin = command.variable("GOBIN");
        if (gobin.isPresent()) {
            return normalized(gobin.get());
        }
        // Without GOPATH go takes ~/go.
        String gopath = godeps(command, packagePath)
                .or(command::gopath)
                .orElseGet(() -> command.environment().getOrDefault("HOME", "") + "/go");
        String bin = normalized(gopath + "/bin");
        return platform.equals(toolchain.host()) ? bin : bin + "/" + platform.os() + "_" + platform.arch();
    }

    /**
     * A program lands in that directory of GOPATH which holds its package. Of several there is one that we know: trees of v1.2 keep
     * other people's packages in {@code Godeps/_workspace} (kube::golang::setup_env and place_bins, hack/lib/golang.sh).
     */
    private static Optional<String> godeps(GoCommand command, String packagePath) {
        if (packagePath.startsWith(KUBERNETES)) {
            return Optional.empty();
        }
        return command.variable("GOPATH").stream()
                .flatMap(path -> Stream.of(path.split(":", -1)))
                .filter(path -> path.endsWith(GODEPS))
                .findFirst();
    }

    private static String programName(GoCommand command, String packagePath) {
        List<String> elements = List.of(packagePath.split("/"));
        String last = elements.get(elements.size() - 1);
        boolean hop = command.modules()
                && elements.size() > 1
                && MAJOR_VERSION.matcher(last).matches();
        return hop ? elements.get(elements.size() - 2) : last;
    }

    private static String normalized(String path) {
        return java.nio.file.Path.of(path).normalize().toString();
    }
}
