package io.kubebuild.tree;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How to have a tree describe itself: a script, the files of the tree that it reads, its environment. It only says what to run;
 * whoever runs it puts the files below a directory, runs {@link #command} there and hands the output to {@link
 * Description#parse}.
 *
 * <p>The files are few (3 MB of 300), so that a throwaway container of the cross image can take them by an archive.
 *
 * @param tree the tree
 * @param environment upstream's variables that change the answer, such as KUBE_BUILD_PLATFORMS; nothing else must be set but
 *     PATH and HOME
 * @param projectFiles paths relative to the root that do not belong to Kubernetes
 */
public record DescriptionProbe(TreeRoot tree, Map<String, String> environment, List<String> projectFiles) {

    /** Variables that this plugin has a parameter for, or hands through; the description says which of them the tree reads. */
    public static final List<String> VARIABLES = List.of(
            "DBG",
            "DOCKER_CGROUP_PARENT",
            "FORCE_HOST_GO",
            "GOCACHE",
            "GOFLAGS",
            "GOGCFLAGS",
            "GOLDFLAGS",
            "GOMAXPROCS",
            "GOMODCACHE",
            "GOPROXY",
            "GOTOOLCHAIN",
            "GO_VERSION",
            "KUBECTL_BASE_IMAGE",
            "KUBERNETES_HTTPS_PROXY",
            "KUBERNETES_HTTP_PROXY",
            "KUBERNETES_NO_PROXY",
            "KUBE_APISERVER_BASE_IMAGE",
            "KUBE_BASE_IMAGE_REGISTRY",
            "KUBE_BUILDER_OS",
            "KUBE_BUILD_CONFORMANCE",
            "KUBE_BUILD_HYPERKUBE",
            "KUBE_BUILD_MONDO_TEST_TARBALL",
            "KUBE_BUILD_PLATFORMS",
            "KUBE_BUILD_PPC64LE",
            "KUBE_BUILD_PULL_LATEST_IMAGES",
            "KUBE_BUILD_SETCAP_IMAGE",
            "KUBE_BUILD_WINDOWS",
            "KUBE_BUILD_WITH_COVERAGE",
            "KUBE_CGO_OVERRIDES",
            "KUBE_CONTROLLER_MANAGER_BASE_IMAGE",
            "KUBE_CROSS_IMAGE",
            "KUBE_CROSS_VERSION",
            "KUBE_DOCKER_IMAGE_TAG",
            "KUBE_DOCKER_REGISTRY",
            "KUBE_EXTRA_GOPATH",
            "KUBE_EXTRA_WHAT",
            "KUBE_FASTBUILD",
            "KUBE_GOFLAGS",
            "KUBE_GOPATH",
            "KUBE_GORUNNER_IMAGE",
            "KUBE_PARALLEL_BUILD_MEMORY",
            "KUBE_PROXY_BASE_IMAGE",
            "KUBE_RACE",
            "KUBE_SCHEDULER_BASE_IMAGE",
            "KUBE_STATIC_OVERRIDES",
            "KUBE_VERBOSE",
            "OUT_DIR",
            "SOURCE_DATE_EPOCH",
            "WHAT");

    /** Root of the tree in the cross image's container; the scripts of old trees expect it in a GOPATH. */
    public static final String CONTAINER_ROOT = "/go/src/k8s.io/kubernetes";

    /** Files of the root larger than this are somebody's own; no script reads them. */
    private static final long LARGEST_ROOT_FILE = 1 << 20;

    /** Trees up to v1.4 keep a part of their shell library in cluster/lib. */
    private static final List<String> DIRECTORIES = List.of("hack", "build", "build-tools", "cluster/lib");

    public DescriptionProbe {
        environment = java.util.Collections.unmodifiableMap(new TreeMap<>(environment));
        projectFiles = List.copyOf(projectFiles);
    }

    /** The script, for bash 3.2 and later. */
    public String script() {
        try (InputStream script = DescriptionProbe.class.getResourceAsStream("describe.sh")) {
            if (script == null) {
                throw new IllegalStateException("describe.sh is not in the plugin's jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("describe.sh cannot be read from the plugin's jar", e);
        }
    }

    /** The command: bash, the script's path, the root and the file to write, all as the place that it runs in sees them. */
    public List<String> command(String scriptPath, String root, String output) {
        return List.of("bash", scriptPath, root, output);
    }

    /** Variables to set for the command. */
    public Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put("DESCRIBE_VARIABLES", String.join(" ", VARIABLES));
        return variables;
    }

    /** Files and symbolic links to ship, relative to the root with {@code /} between names, sorted. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        try {
            try (Stream<Path> root = Files.list(tree.path())) {
                for (Path file : root.sorted().toList()) {
                    if (belongs(file)) {
                        files.add(String.valueOf(file.getFileName()));
                    }
                }
            }
            for (String directory : DIRECTORIES) {
                Path start = tree.resolve(directory);
                if (Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
                    files.addAll(below(start));
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        files.sort(null);
        return List.copyOf(files);
    }

    /** What the description depends on: content, mode and link targets of the files, the environment, the script. */
    public Fingerprint fingerprint() {
        return Fingerprint.builder()
                .add("files described", contentHash())
                .add(
                        "variables",
                        environment.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList())
                .add("describe.sh", Fingerprint.sha256(script()))
                .build();
    }

    private String contentHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : files()) {
                Path file = tree.resolve(name);
                boolean link = Files.isSymbolicLink(file);
                byte[] content = link
                        ? Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8)
                        : Files.readAllBytes(file);
                String kind = link ? "link" : Files.isExecutable(file) ? "program" : "file";
                digest.update((name + "\0" + kind + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
                digest.update(content);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean belongs(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (projectFiles.contains(name) || name.equals(GitVersion.FILE)) {
            return false;
        }
        if (Files.isSymbolicLink(file)) {
            // A link to a directory, or out of the tree, would not arrive as what it is.
            return Files.isRegularFile(file) && file.toRealPath().startsWith(tree.path());
        }
        return Files.isRegularFile(file) && Files.size(file) <= LARGEST_ROOT_FILE;
    }

    private List<String> below(Path start) throws IOException {
        List<String> files = new ArrayList<>();
        Set<String> skipped = Set.of(".git", "_output", "node_modules");
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return skipped.contains(String.valueOf(directory.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                    files.add(tree.path().relativize(file).toString().replace('\\', '/'));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private KubeException unreadable(IOException e) {
        return KubeException.build(
                "the tree " + tree.path() + " cannot be read",
                String.valueOf(e.getMessage()),
                "make hack/, build/ and the root's files readable",
                e);
    }
}
