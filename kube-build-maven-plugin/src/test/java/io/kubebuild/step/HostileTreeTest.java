package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.EngineException;
import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.request.BuildRequest.WorkspaceKind;
import io.kubebuild.request.BuildRequest.WorkspaceSettings;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A tree that brings along, wherever a build writes something, something else: a link to a file of the host, for example. What a build
 * writes is not listed here; it is what a build of a harmless tree is seen to write.
 */
@EnabledOnOs(OS.LINUX)
class HostileTreeTest {

    private final HostUnharmed host;
    private final FakeBench bench;

    HostileTreeTest() throws IOException, InterruptedException {
        this.host = HostUnharmed.anew();
        this.bench = FakeBench.in(host.inside());
    }

    @AfterEach
    void remove() throws IOException {
        host.close();
    }

    /** What lies in the place of a file. */
    private enum Trap {
        LINK_TO_A_FILE(true) {
            @Override
            void lay(Path file, Path outside) throws IOException {
                Files.createSymbolicLink(file, outside.resolve("secret"));
            }
        },
        LINK_TO_NOTHING(true) {
            @Override
            void lay(Path file, Path outside) throws IOException {
                Files.createSymbolicLink(file, outside.resolve("new"));
            }
        },
        LINK_TO_A_DIRECTORY(false) {
            @Override
            void lay(Path file, Path outside) throws IOException {
                Files.createSymbolicLink(file, outside);
            }
        },
        DIRECTORY(true) {
            @Override
            void lay(Path file, Path outside) throws IOException {
                Files.createDirectory(file);
                Files.createSymbolicLink(file.resolve("deeper"), outside);
            }
        },
        PIPE(true) {
            @Override
            void lay(Path file, Path outside) throws IOException, InterruptedException {
                assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                        .isZero();
            }
        };

        private final boolean inPlaceOfAFile;

        Trap(boolean inPlaceOfAFile) {
            this.inPlaceOfAFile = inPlaceOfAFile;
        }

        abstract void lay(Path file, Path outside) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @EnumSource(Trap.class)
    void aBuildWithAnEngineDoesNoHarm(Trap trap) throws Exception {
        Set<String> before = files();
        everywhere(trap, withEngine(), made(trap, before, withEngine()), before);
    }

    @ParameterizedTest
    @EnumSource(Trap.class)
    void aBuildOnTheHostDoesNoHarm(Trap trap) throws Exception {
        WorkspaceSettings settings =
                new WorkspaceSettings(Optional.of(WorkspaceKind.HOST), Optional.of(go()), Optional.empty());
        HostUnharmed.Reading onTheHost = () -> Pipeline.of(
                        bench.request().unpackaged().workspace(settings).build(), bench.heard(), (request, home) -> {
                            throw new EngineException(EngineException.Kind.UNREACHABLE, "connection refused", null);
                        })
                .run(List.of(StepName.SYNC), true);
        Set<String> before = files();
        Set<String> made = made(trap, before, onTheHost);
        // Tried with an engine.
        made.removeAll(made(trap, before, withEngine()));
        everywhere(trap, onTheHost, made, before);
    }

    private HostUnharmed.Reading withEngine() {
        return () -> bench.pipeline(bench.request().unpackaged().build()).run(List.of(StepName.BUILD_IMAGE), true);
    }

    private Set<String> made(Trap trap, Set<String> before, HostUnharmed.Reading build) throws Exception {
        build.run();
        Set<String> made = files();
        made.removeAll(before);
        made.removeIf(path -> Files.isRegularFile(bench.tree().file(path)) != trap.inPlaceOfAFile);
        clean(before);
        return made;
    }

    private void everywhere(Trap trap, HostUnharmed.Reading build, Set<String> made, Set<String> before)
            throws Exception {
        assertThat(made).isNotEmpty();
        for (String path : made) {
            clean(before);
            Path file = bench.tree().file(path);
            Files.createDirectories(file.resolveSibling(""));
            trap.lay(file, host.outside());
            assertThat(host.after(build))
                    .as("%s is a %s", path, trap)
                    .satisfiesAnyOf(went -> assertThat(went).isEmpty(), refused -> assertThat(refused)
                            .hasValueSatisfying(e -> assertThat(e).hasMessageContaining(last(path))));
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void clean(Set<String> before) throws IOException {
        Set<String> more = files();
        more.removeAll(before);
        for (String path : more.stream().sorted(Comparator.reverseOrder()).toList()) {
            Path file = bench.tree().file(path);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                DirectoryRemoval.remove(file);
            }
        }
    }

    /** Directories too; what git keeps for itself does not count. */
    private Set<String> files() throws IOException {
        Path root = bench.tree().root();
        try (Stream<Path> all = Files.walk(root)) {
            Set<String> files = new TreeSet<>();
            all.filter(file -> !file.startsWith(root.resolve(".git")) && !file.equals(root))
                    .forEach(file -> files.add(root.relativize(file).toString()));
            return files;
        }
    }

    /** One that compiles nothing. */
    private Path go() throws IOException {
        Path sdk = host.inside().resolve("sdk");
        Path go = Files.createDirectories(sdk.resolve("bin")).resolve("go");
        Files.writeString(
                go,
                "#!/bin/sh\ncase $1 in version) echo go version go1.19.8 linux/amd64 ;; env) echo " + sdk
                        + " ;; *) exit 1 ;; esac\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
        return sdk;
    }
}
