package io.kubebuild.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A socket that this user may not use is told with its group, the user's groups and the ways out. */
class SocketAccessTest {

    private final Path directory;
    private final Path socket;
    private final Path status;
    private final Path groups;

    SocketAccessTest(@TempDir Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.socket = Files.createFile(this.directory.resolve("docker engine.sock"));
        this.status = Files.writeString(
                directory.resolve("status"),
                "Name:\tjava\nUid:\t1000\t1000\nGid:\t1000\t1000\nGroups:\t27 1000 4711 \n");
        this.groups = Files.writeString(
                directory.resolve("group"), "root:x:0:\nsudo:x:27:jo\njo:x:1000:\ndocker:x:999:anna\n");
    }

    @Test
    void namesSocketGroupAndGroupsOfTheUser() throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        PosixFileAttributes file = Files.readAttributes(socket, PosixFileAttributes.class);

        Problem problem = problem(false);

        assertThat(problem.what())
                .isEqualTo("this user may not use the Docker engine at unix://" + socket + " (from DOCKER_HOST)");
        assertThat(problem.why())
                .isEqualTo(socket + " belongs to user " + file.owner().getName() + " and group "
                        + file.group().getName() + " (rw-rw----), and it is used by user jo, whose groups are jo, sudo,"
                        + " 4711");
        assertThat(problem.fix())
                .contains("-Dkube.docker.host=unix:///run/user/$(id -u)/docker.sock", "-Dkube.workspace=host");
    }

    @Test
    void saysHowToBecomeAMember() throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        String group =
                Files.readAttributes(socket, PosixFileAttributes.class).group().getName();
        boolean root = group.equals("root");

        assertThat(problem(false).fix())
                .startsWith(
                        root
                                ? "have the engine's administrator give the socket to a group (dockerd --group docker)"
                                : "become a member of the group: sudo usermod -aG " + group + " jo");
        Files.writeString(groups, group + ":x:5:anna,jo\n");
        assertThat(problem(false).fix()).startsWith(root ? "have the" : "jo is a member of " + group);
    }

    @Test
    void isSilentWhereTheReasonIsAnotherOne() throws IOException {
        SocketAccess access = new SocketAccess(path -> true, status, groups, "jo");

        assertThat(access.problem(Endpoint.ofSocket(socket.toString(), "DOCKER_HOST")))
                .isEmpty();
        assertThat(access.problem(Endpoint.ofSocket(directory.resolve("none").toString(), "DOCKER_HOST")))
                .isEmpty();
    }

    @Test
    void doesWithoutWhatOtherSystemsDoNotHave() {
        assertThat(new SocketAccess(path -> false, directory.resolve("none"), directory.resolve("none"), "jo")
                        .problem(Endpoint.ofSocket(socket.toString(), "DOCKER_HOST")))
                .hasValueSatisfying(
                        problem -> assertThat(problem.why()).endsWith("user jo, whose groups are not known"));
    }

    private Problem problem(boolean writable) {
        return new SocketAccess(path -> writable, status, groups, "jo")
                .problem(Endpoint.ofSocket(socket.toString(), "DOCKER_HOST"))
                .orElseThrow();
    }
}
