package io.kubebuild.docker;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether this user may use the socket of an engine, and what helps where not. */
public final class SocketAccess {

    /** Of the process that runs. */
    public static final SocketAccess OF_THIS_PROCESS = new SocketAccess(
            Files::isWritable,
            Path.of("/proc/self/status"),
            Path.of("/etc/group"),
            System.getProperty("user.name", "USER"));

    private final Predicate<Path> writable;
    private final Path status;
    private final Path groups;
    private final String user;

    /**
     * The rights of a process.
     *
     * @param writable what it may write to
     * @param status what the kernel says of the process, as {@code /proc/self/status}
     * @param groups names and members of groups, as {@code /etc/group}
     * @param user the user's name
     */
    SocketAccess(Predicate<Path> writable, Path status, Path groups, String user) {
        this.writable = writable;
        this.status = status;
        this.groups = groups;
        this.user = user;
    }

    /** A group that the machine knows. */
    private record Group(String name, String id, List<String> members) {}

    /** Why nobody answers, where the reason is that the user may not ask; empty where it is another one. */
    public Optional<Problem> problem(Endpoint endpoint) {
        Path socket = endpoint.socket();
        try {
            Optional<Path> closed = closedDirectory(socket);
            if (closed.isPresent()) {
                return Optional.of(new Problem(
                        what(endpoint), closed.get() + " may not be entered by " + whoIsIt(), ownEngine("")));
            }
            if (!Files.exists(socket) || writable.test(socket)) {
                return Optional.empty();
            }
            PosixFileAttributes file = Files.readAttributes(socket, PosixFileAttributes.class);
            String why = socket + " belongs to user " + file.owner().getName() + " and group "
                    + file.group().getName() + " (" + PosixFilePermissions.toString(file.permissions())
                    + "), and it is used by " + whoIsIt();
            return Optional.of(new Problem(what(endpoint), why, membership(file) + "\n" + ownEngine("or ")));
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without owners and modes. The connection's own failure says what is known.
            return Optional.empty();
        }
    }

    private static String what(Endpoint endpoint) {
        return "this user may not use the Docker engine at " + endpoint;
    }

    private static Optional<Path> closedDirectory(Path socket) {
        // An absolute path has a root, and a socket is not it.
        Path directory = socket.getRoot();
        Path parent = socket.getParent();
        if (directory == null || parent == null) {
            return Optional.empty();
        }
        for (Path name : parent) {
            directory = directory.resolve(name);
            if (Files.isDirectory(directory) && !Files.isExecutable(directory)) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private String whoIsIt() throws IOException {
        Map<String, Group> known = groups();
        String all = ownGroups().stream()
                .map(id -> Optional.ofNullable(known.get(id)).map(Group::name).orElse(id))
                .collect(Collectors.joining(", "));
        return "user " + user + ", whose groups are " + (all.isEmpty() ? "not known" : all);
    }

    private String membership(PosixFileAttributes file) throws IOException {
        String group = file.group().getName();
        Set<PosixFilePermission> mode = file.permissions();
        if (!mode.contains(PosixFilePermission.GROUP_WRITE) || group.equals("root") || group.equals("0")) {
            return "have the engine's administrator give the socket to a group (dockerd --group docker), and " + user
                    + " membership in it";
        }
        boolean since = groups().values().stream()
                .anyMatch(one -> one.name().equals(group) && one.members().contains(user));
        return since
                ? user + " is a member of " + group
                        + ", but was not when this session began: log in again, or run: newgrp " + group
                : "become a member of the group: sudo usermod -aG " + group + " " + user
                        + " and log in again (members of it can do what root can)";
    }

    private static String ownEngine(String or) {
        return or
                + "use an engine of your own, rootless Docker or podman: -Dkube.docker.host=unix:///run/user/$(id -u)/docker.sock;"
                + " or build without one: -Dkube.workspace=host";
    }

    /** Numbers of the groups that the process has, its first one before the others. */
    private List<String> ownGroups() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : Files.exists(status) ? Files.readAllLines(status) : List.<String>of()) {
            if (line.startsWith("Gid:")) {
                ids.add(line.substring("Gid:".length()).strip().split("\\s+", -1)[0]);
            } else if (line.startsWith("Groups:")) {
                Arrays.stream(line.substring("Groups:".length()).strip().split("\\s+", -1))
                        .filter(id -> !id.isEmpty() && !ids.contains(id))
                        .forEach(ids::add);
            }
        }
        return ids;
    }

    private Map<String, Group> groups() throws IOException {
        Map<String, Group> all = new LinkedHashMap<>();
        for (String line : Files.exists(groups) ? Files.readAllLines(groups) : List.<String>of()) {
            String[] fields = line.split(":", -1);
            if (fields.length == 4) {
                all.putIfAbsent(fields[2], new Group(fields[0], fields[2], List.of(fields[3].split(",", -1))));
            }
        }
        return all;
    }
}
