package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Invoker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where things of the user's go, whoever the user is. */
class UserDirectoriesTest {

    private static final int UID = Invoker.owner().uid();

    private final Path directory;
    private final Path temporary;
    private final Path ours;

    UserDirectoriesTest(@TempDir Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.temporary = Files.createDirectory(this.directory.resolve("tmp"));
        this.ours = temporary.resolve("kube-build-" + UID);
    }

    @Test
    void areInTheHomeDirectoryAsARule() {
        UserDirectories usual = of(Map.of("HOME", directory.toString()), "/root");

        assertThat(usual.home()).isEqualTo(directory);
        assertThat(usual.cache()).isEqualTo(directory.resolve(".cache/kube-build"));
        assertThat(usual.remark()).isEmpty();
        assertThat(of(Map.of(), directory.toString()).cache()).isEqualTo(directory.resolve(".cache/kube-build"));
    }

    @Test
    void areWhereTheUserSays() {
        Path named = directory.resolve("elsewhere");
        UserDirectories directories = of(Map.of("XDG_CACHE_HOME", named.toString()), "?");

        assertThat(directories.cache()).isEqualTo(named.resolve("kube-build"));
        assertThat(directories.remark()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "relative", "\0"})
    void withoutAHomeNothingIsMadeInTheTree(String javasHome) throws IOException {
        UserDirectories directories = of(Map.of("XDG_CACHE_HOME", "relative", "HOME", ""), javasHome);

        assertThat(directories.cache()).isEqualTo(ours).isDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)))
                .isEqualTo("rwx------");
        assertThat(directories.cache()).as("the second build").isEqualTo(ours);
        // Whatever others put into the temporary directory: no configuration is read from there.
        assertThat(directories.home()).isAbsolute().doesNotExist();
        assertThat(directories.remark()).hasValueSatisfying(fact -> assertThat(fact.text())
                .isEqualTo("there is no home directory: HOME is not set, and this user is not in passwd; locks, base"
                        + " images and Go SDKs are kept in " + ours
                        + " (XDG_CACHE_HOME=DIRECTORY names a place that lasts)"));
    }

    @Test
    void aHomeThatCannotBeWrittenToIsNone() throws IOException {
        // A file where a directory would have to be stops root as well.
        Path file = Files.createFile(directory.resolve("file"));
        UserDirectories directories = of(Map.of("HOME", file.resolve("home").toString()), "?");

        assertThat(directories.cache()).isEqualTo(ours);
        assertThat(directories.home()).isEqualTo(file.resolve("home"));
        assertThat(directories.remark().map(BuildListener.Fact::text).orElse(""))
                .startsWith("the home directory " + file.resolve("home") + " cannot be written to; ");
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotUsed() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        Files.createSymbolicLink(ours, target);
        refused("it is no directory, or a link to one");
        Files.delete(ours);

        Files.createDirectory(ours, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString("rwxrwxrwx"));
        refused("others may use it (rwxrwxrwx)");

        Path others = Files.createDirectory(
                temporary.resolve("kube-build-" + (UID + 1)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThatThrownBy(() -> new UserDirectories(Map.of(), "?", temporary, UID + 1).cache())
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(
                        others + " cannot be used: it belongs to user " + UID + ", and not to " + (UID + 1))
                .hasMessageContaining("XDG_CACHE_HOME=DIRECTORY");
    }

    private void refused(String why) {
        assertThatThrownBy(() -> of(Map.of(), "?").cache())
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(ours + " cannot be used: " + why);
    }

    private UserDirectories of(Map<String, String> environment, String javasHome) {
        return new UserDirectories(environment, javasHome, temporary, UID);
    }
}
