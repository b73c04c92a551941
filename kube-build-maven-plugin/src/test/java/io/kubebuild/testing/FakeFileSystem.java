package io.kubebuild.testing;

import io.kubebuild.io.TarOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files of a container in memory, with volumes that several containers may share. Paths are absolute. */
public final class FakeFileSystem {

    private static final AtomicLong SERIAL = new AtomicLong();

    private final SortedMap<String, Node> nodes = new TreeMap<>();
    private final SortedMap<String, FakeFileSystem> mounts = new TreeMap<>();

    FakeFileSystem() {
        nodes.put("/", Node.directory(0755, 0, 0));
    }

    /** Regular files of a directory of this machine, as they are now. */
    static FakeFileSystem of(Path directory) {
        FakeFileSystem system = new FakeFileSystem();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                system.write("/" + directory.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return system;
    }

    /** A file, directory or symbolic link. */
    public static final class Node {

        /** What it is. */
        public enum Kind {
            FILE,
            DIRECTORY,
            SYMLINK
        }

        private final Kind kind;
        private final int mode;
        private final int uid;
        private final int gid;
        private final byte[] content;
        private final String target;
        private final long serial = SERIAL.incrementAndGet();

        Node(Kind kind, int mode, int uid, int gid, byte[] content, String target) {
            this.kind = kind;
            this.mode = mode;
            this.uid = uid;
            this.gid = gid;
            this.content = content;
            this.target = target;
        }

        static Node directory(int mode, int uid, int gid) {
            return new Node(Kind.DIRECTORY, mode, uid, gid, new byte[0], "");
        }

        public Kind kind() {
            return kind;
        }

        public int mode() {
            return mode;
        }

        public int uid() {
            return uid;
        }

        public int gid() {
            return gid;
        }

        /** The content of a file, as text. */
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        /** Where a symbolic link points to. */
        public String target() {
            return target;
        }

        byte[] content() {
            return content;
        }
    }

    /** What lies at a path. */
    public Optional<Node> find(String path) {
        Place place = place(path);
        return Optional.ofNullable(place.system().nodes.get(place.path()));
    }

    /** Another text after a path was written to. */
    Optional<String> mark(String path) {
        return find(path).map(node -> Integer.toOctalString(node.mode) + " " + node.serial);
    }

    /** Writes a file as root would, with the directories above it. */
    public void write(String path, String text) {
        put(path, new Node(Node.Kind.FILE, 0644, 0, 0, text.getBytes(StandardCharsets.UTF_8), ""));
    }

    /** Makes a directory, with those above it. */
    public void makeDirectory(String path) {
        put(path, Node.directory(0755, 0, 0));
    }

    /** Removes a path and all below it. */
    public void delete(String path) {
        Place place = place(path);
        place.system().nodes.keySet().removeIf(name -> isWithin(name, place.path()));
    }

    /** All paths at and below one, sorted, volumes included. */
    public List<String> list(String path) {
        List<String> names = new ArrayList<>();
        nodes.keySet().stream().filter(name -> isWithin(name, path)).forEach(names::add);
        mounts.forEach((mount, volume) -> volume.nodes.keySet().stream()
                .map(name -> name.equals("/") ? mount : mount + name)
                .filter(name -> isWithin(name, path))
                .forEach(names::add));
        return names.stream().sorted().distinct().toList();
    }

    void mount(String path, FakeFileSystem volume) {
        makeDirectory(path);
        mounts.put(path, volume);
    }

    SortedMap<String, FakeFileSystem> mounts() {
        return mounts;
    }

    void copyFrom(FakeFileSystem other) {
        nodes.putAll(other.nodes);
    }

    /** Extracts a tar stream below a directory, as an engine does: what is in the way of another kind is replaced. */
    void extract(String directory, InputStream stream) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String path = normal(directory + "/" + entry.getName());
                Node.Kind kind = entry.isSymbolicLink()
                        ? Node.Kind.SYMLINK
                        : entry.isDirectory() ? Node.Kind.DIRECTORY : Node.Kind.FILE;
                boolean sameDirectory = kind == Node.Kind.DIRECTORY
                        && find(path)
                                .map(old -> old.kind() == Node.Kind.DIRECTORY)
                                .orElse(false);
                if (!sameDirectory) {
                    delete(path);
                }
                put(
                        path,
                        new Node(
                                kind,
                                entry.getMode() & 07777,
                                (int) entry.getLongUserId(),
                                (int) entry.getLongGroupId(),
                                kind == Node.Kind.FILE ? tar.readAllBytes() : new byte[0],
                                kind == Node.Kind.SYMLINK ? entry.getLinkName() : ""));
            }
        }
    }

    /** Writes a path as a tar stream whose names begin with the path's last name. */
    void archive(String path, OutputStream out) throws IOException {
        String parent = path.substring(0, path.lastIndexOf('/'));
        try (TarArchiveOutputStream tar = TarOutput.to(out)) {
            for (String name : list(path)) {
                Node node = find(name).orElseThrow();
                String relative = name.substring(parent.length() + 1);
                TarArchiveEntry entry =
                        switch (node.kind()) {
                            case SYMLINK -> new TarArchiveEntry(relative, TarConstants.LF_SYMLINK);
                            case DIRECTORY -> new TarArchiveEntry(relative + "/");
                            case FILE -> new TarArchiveEntry(relative);
                        };
                entry.setMode(node.mode());
                entry.setIds(node.uid(), node.gid());
                entry.setLinkName(node.target());
                entry.setSize(node.content().length);
                tar.putArchiveEntry(entry);
                tar.write(node.content());
                tar.closeArchiveEntry();
            }
        }
    }

    private void put(String path, Node node) {
        Place place = place(path);
        String parent = place.path();
        while (parent.lastIndexOf('/') > 0) {
            parent = parent.substring(0, parent.lastIndexOf('/'));
            place.system().nodes.putIfAbsent(parent, Node.directory(0755, 0, 0));
        }
        place.system().nodes.put(place.path(), node);
    }

    private Place place(String path) {
        String normal = normal(path);
        return mounts.keySet().stream()
                .filter(mount -> isWithin(normal, mount))
                .reduce((shorter, longer) -> longer)
                .map(mount -> new Place(volume(mount), normal("/" + normal.substring(mount.length()))))
                .orElse(new Place(this, normal));
    }

    private FakeFileSystem volume(String mount) {
        return Optional.ofNullable(mounts.get(mount)).orElseThrow();
    }

    private static boolean isWithin(String name, String path) {
        return name.equals(path) || path.equals("/") || name.startsWith(path + "/");
    }

    private static String normal(String path) {
        String clean = path.replace("/./", "/").replaceAll("/+", "/");
        return clean.length() > 1 && clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
    }

    /** A path within the file system that it lies on. */
    private record Place(FakeFileSystem system, String path) {}
}
