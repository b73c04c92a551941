package io.kubebuild.workspace.host;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the Go of this machine that fits a tree. */
public final class GoSdks {

    private final HostTools tools;
    private final String userPath;
    private final Path lib;

    /**
     * @param userPath PATH of the user, on which their go is
     * @param lib where Debian keeps SDKs, one for each version of Go: {@code /usr/lib}
     */
    public GoSdks(HostTools tools, String userPath, Path lib) {
        this.tools = tools;
        this.userPath = userPath;
        this.lib = lib;
    }

    /**
     * The machine's own: the user's {@code go}, {@code /usr/local/go}, those of Debian's packages. Of several that will do the one
     * that the tree's {@code .go-version} names, else the first.
     *
     * @throws KubeException where there is none
     */
    public GoSdk own(GoRequirement requirement) throws InterruptedException {
        List<GoSdk> found = new ArrayList<>();
        for (Path directory : directories()) {
            GoSdk.in(directory, tools).ifPresent(found::add);
        }
        List<GoSdk> fitting = found.stream()
                .filter(sdk -> requirement.refusing(sdk.version()).isEmpty())
                .toList();
        if (!fitting.isEmpty()) {
            return fitting.stream()
                    .filter(sdk -> requirement.wantedInsteadOf(sdk.version()).isEmpty())
                    .findFirst()
                    .orElse(fitting.get(0));
        }
        if (found.size() == 1) {
            throw KubeException.user(List.of(problem(found.get(0), requirement).orElseThrow()));
        }
        throw KubeException.user(
                "there is no Go on this machine" + (found.isEmpty() ? "" : " that this tree can be built with"),
                found.isEmpty()
                        ? "no go is on the PATH, in /usr/local/go or in " + lib + "/go-*"
                        : "it needs "
                                + requirement.oldest().map(GoVersion::text).orElse("another")
                                + " or newer, and these are here: "
                                + found.stream()
                                        .map(sdk -> sdk.version() + " in " + sdk.root())
                                        .collect(Collectors.joining(", ")),
                fix(requirement));
    }

    private static Optional<Problem> problem(GoSdk sdk, GoRequirement requirement) {
        return requirement
                .refusing(sdk.version())
                .map(floor -> new Problem(
                        "the Go SDK in " + sdk.root() + " is " + sdk.version() + ", and this tree needs "
                                + floor.oldest() + " or newer",
                        floor.reason(),
                        fix(requirement)));
    }

    private static String fix(GoRequirement requirement) {
        return requirement
                .recommended()
                .map(version -> "name a Go SDK of " + version + ": -Dkube.goSdk=DIRECTORY\n"
                        + "or have one fetched: -Dkube.goSdk.url=https://…/" + version
                        + ".linux-amd64.tar.gz -Dkube.goSdk.sha256=CHECKSUM")
                .orElse("install Go, or name an SDK: -Dkube.goSdk=DIRECTORY");
    }

    /**
     * One that the user names.
     *
     * @throws KubeException where it is none, or not for this tree
     */
    public GoSdk named(Path directory, GoRequirement requirement) throws InterruptedException {
        GoSdk sdk = GoSdk.in(directory, tools)
                .orElseThrow(() -> KubeException.user(
                        "kube.goSdk names " + directory + ", which holds no Go SDK that runs here",
                        Files.isExecutable(directory.resolve("bin/go"))
                                ? "its bin/go does not answer to: go version"
                                : "there is no program bin/go in it",
                        "name the directory that is GOROOT: it holds bin/go and src"));
        problem(sdk, requirement).ifPresent(problem -> {
            throw KubeException.user(List.of(problem));
        });
        return sdk;
    }

    private Set<Path> directories() throws InterruptedException {
        Set<Path> directories = new LinkedHashSet<>();
        Optional<Path> go = Stream.of(userPath.split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, "go"))
                .filter(Files::isExecutable)
                .findFirst();
        if (go.isPresent()) {
            HostTools.Answer root = tools.ask(
                    List.of(go.get().toString(), "env", "GOROOT"), Map.of("GOTOOLCHAIN", "local", "HOME", "/"));
            if (root.exitCode() == 0
                    && !root.lines().isEmpty()
                    && root.lines().get(0).startsWith("/")) {
                directories.add(Path.of(root.lines().get(0)));
            }
        }
        directories.add(Path.of("/usr/local/go"));
        try (Stream<Path> all = Files.list(lib)) {
            Map<GoVersion, Path> installed = new TreeMap<>(Comparator.reverseOrder());
            all.forEach(
                    directory -> version(directory).ifPresent(version -> installed.putIfAbsent(version, directory)));
            directories.addAll(installed.values());
        } catch (IOException e) {
            // Then there are none.
            return directories;
        }
        return directories;
    }

    /** Of a directory such as {@code go-1.22}. */
    private static Optional<GoVersion> version(Path directory) {
        String name = String.valueOf(directory.getFileName());
        return name.matches("go-[0-9.]+") ? GoVersion.parse(name.substring("go-".length())) : Optional.empty();
    }
}
