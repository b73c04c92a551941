package io.kubebuild.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A sample tree that is released once for all tests that only need some release; removed with all its containers after the
 * last. A test that changes its sources puts them back.
 */
public final class ReleasedTree implements AutoCloseable {

    /** What is built: two systems, so that paths and suffixes of both are seen. */
    static final String PLATFORMS = "linux/amd64,windows/amd64";

    /** Where results lie, relative to the output directory. */
    private static final List<String> RESULTS = List.of("dockerized/bin", "release-tars", "release-images");

    private final Path parent;
    private final SampleTree tree;
    private final MavenResult first;

    private ReleasedTree(Path parent) {
        this.parent = parent;
        this.tree = SampleTree.in(parent);
        // The coldest and largest build of all shows that little memory is enough.
        this.first = release().environment("MAVEN_OPTS", "-Xmx256m").execute();
    }

    private static ReleasedTree make() {
        try {
            return new ReleasedTree(Files.createTempDirectory("kube-it"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SampleTree tree() {
        return tree;
    }

    /** The first release, with a heap of 256 MB. */
    MavenResult first() {
        return first;
    }

    /** The release that has been made once; more may be said to it. */
    MavenBuild release() {
        return goal("release").parameter("kube.platforms", PLATFORMS);
    }

    /** A command in the build container of the same tree. */
    MavenBuild command(String command) {
        return goal("run").parameter("kube.platforms", PLATFORMS).parameter("command", command);
    }

    MavenBuild goal(String name) {
        return MavenBuild.in(tree.directory()).goal(name);
    }

    /** Hashes of all results by their paths in the output directory. */
    Map<String, String> results() {
        return results(tree.file("_output"));
    }

    /** Hashes of all results in an output directory. */
    public static Map<String, String> results(Path output) {
        Map<String, String> found = new TreeMap<>();
        for (String part : RESULTS) {
            try (Stream<Path> files = Files.walk(output.resolve(part))) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> found.put(output.relativize(file).toString(), sha256(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    /**
     * Without what holds test binaries: {@code go test -c} writes the random name of go's temporary directory into them, here
     * as with upstream's scripts.
     */
    public static Map<String, String> withoutTestBinaries(Map<String, String> results) {
        Map<String, String> left = new TreeMap<>(results);
        left.keySet()
                .removeIf(path -> path.matches(".*/(?:.*\\.test(?:\\.exe)?|kubernetes-test-[a-z]+-.*|conformance-.*)"));
        return left;
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        goal("clean").execute().succeeded();
        try (Stream<Path> files = Files.walk(parent)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Gives the one released tree to tests that ask for it. */
    static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ReleasedTree.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(ReleasedTree.class))
                    .getOrComputeIfAbsent(ReleasedTree.class, type -> make(), ReleasedTree.class);
        }
    }
}
