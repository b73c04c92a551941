package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kubebuild.testing.SampleTree;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.MavenProjectHelper;
import org.eclipse.aether.RepositorySystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever value a parameter has, it is refused by name before the engine is asked and before anything is written, or does no harm. */
class BadValuesTest {

    private static final String SECRET = "s3cret";

    /** One goal for each parameter that not all goals have. */
    private static final Map<String, Supplier<KubeMojo>> GOALS = Map.ofEntries(
            Map.entry("verify-prereqs", VerifyPrereqsMojo::new),
            Map.entry("release", () -> new ReleaseMojo(unused(MavenProjectHelper.class))),
            Map.entry("release-images", () -> new ReleaseImagesMojo(unused(MavenProjectHelper.class))),
            Map.entry("compile", CompileMojo::new),
            Map.entry("run", RunMojo::new),
            Map.entry("clean", CleanMojo::new),
            Map.entry("plan", PlanMojo::new),
            Map.entry("images", ImagesMojo::new),
            Map.entry("test", TestMojo::new),
            Map.entry("cross-image", CrossImageMojo::new),
            Map.entry("cache-export", () -> new CacheExportMojo(unused(MavenProjectHelper.class))),
            Map.entry("cache-import", () -> new CacheImportMojo(unused(RepositorySystem.class))));

    private static final SilentEngine ENGINE = SilentEngine.open();
    private static final Map<String, Path> PLACES = new TreeMap<>();
    private static final Map<String, String> GOAL_OF_PROPERTY = new TreeMap<>();
    private static Path work = Path.of("");

    /** What was there after the row before. */
    private static Set<String> files = new TreeSet<>();

    @BeforeAll
    static void prepare(@TempDir Path directory) throws IOException, InterruptedException {
        work = directory;
        Path tree = SampleTree.copyTo(work.resolve("tree")).root();
        Path root = tree.resolveSibling("places");
        Path certs = Files.createDirectories(root.resolve("certs"));
        for (String pem : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.createFile(certs.resolve(pem));
        }
        Path go = Files.createDirectories(root.resolve("sdk/bin")).resolve("go");
        Files.writeString(go, "#!/bin/sh\necho go version go1.15.5 linux/amd64\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path tar = root.resolve("image.tar");
        try (TarArchiveOutputStream archive = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            archive.putArchiveEntry(new TarArchiveEntry("manifest.json"));
            archive.closeArchiveEntry();
        }
        Files.copy(tar, root.resolve("other.tar"));
        Path unreadable = Files.createFile(root.resolve("unreadable"));
        Files.setPosixFilePermissions(unreadable, Set.of());
        PLACES.putAll(Map.of(
                "tree", tree,
                "work", root,
                "file", Files.writeString(root.resolve("file"), "text"),
                "dir", Files.createDirectory(root.resolve("directory")),
                "tar", tar,
                "sdk", root.resolve("sdk"),
                "certs", certs,
                "missing", root.resolve("missing"),
                "unreadable", unreadable));
        files = files();
    }

    @AfterAll
    static void close() throws IOException {
        ENGINE.close();
    }

    static List<BadValues.Row> refused() throws IOException {
        return BadValues.read().stream().filter(row -> row.harmless().isEmpty()).toList();
    }

    static List<BadValues.Row> harmless() throws IOException {
        return BadValues.read().stream()
                .filter(row -> row.harmless().isPresent())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedByNameBeforeAnythingIsAskedOrWritten(BadValues.Row row) throws Exception {
        assumeFalse(
                row.written().contains("{unreadable}") && Files.isReadable(place("unreadable")),
                "root reads everything");
        int asked = ENGINE.asked();
        FakeLog log = new FakeLog();

        Optional<Exception> thrown = thrownBy(row, log);
        Set<String> changed = new TreeSet<>(files());
        changed.removeAll(files);
        files.addAll(changed);

        assertThat(thrown).containsInstanceOf(MojoFailureException.class);
        String message = String.valueOf(thrown.orElseThrow().getMessage());
        assertThat(message).containsPattern(named(row.property())).contains("fix: ");
        assertThat(message).hasSizeLessThan(3000).doesNotContain(SECRET);
        assertThat(message.chars())
                .as("characters of the message")
                .noneMatch(character -> Character.isISOControl(character) && character != '\n');
        assertThat(log.lines).noneMatch(line -> line.contains(SECRET));
        assertThat(changed).as("files that were written").isEmpty();
        assertThat(ENGINE.asked()).as("times that the engine was asked").isEqualTo(asked);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void isTakenWhereItDoesNoHarm(BadValues.Row row) throws Exception {
        String message = thrownBy(row, new FakeLog()).map(Exception::getMessage).orElse("");
        files.addAll(files());

        assertThat(message).doesNotContainPattern(named(row.property())).doesNotContain("failed where it should not");
    }

    @Test
    void noParameterIsLeftOut() throws IOException {
        Map<String, Long> rows = BadValues.read().stream()
                .collect(Collectors.groupingBy(BadValues.Row::property, TreeMap::new, Collectors.counting()));
        Set<String> properties = new TreeSet<>();
        for (MojoDescriptor goal : bench("verify-prereqs").plugin().getMojos()) {
            // Maven's own tool makes the goal help.
            if (!goal.getGoal().equals("help")) {
                goal.getParameters().stream()
                        .map(Parameter::getExpression)
                        .flatMap(expression -> property(expression).stream())
                        .forEach(properties::add);
            }
        }

        assertThat(rows.keySet()).isEqualTo(properties);
        assertThat(rows.values()).allMatch(count -> count >= 3);
        assertThat(BadValues.read()).doesNotHaveDuplicates().hasSizeGreaterThan(500);
    }

    private static Optional<Exception> thrownBy(BadValues.Row row, FakeLog log) {
        GoalBench bench = bench(GOAL_OF_PROPERTY.computeIfAbsent(row.property(), BadValuesTest::goalWith));
        Map<String, String> values = row.values(PLACES, ENGINE.hostAndPort());
        values.putIfAbsent("kube.root", place("tree").toString());
        // What is required and not this row's matter.
        Map.of("command", "true", "what", "cmd/kubectl").forEach((required, value) -> {
            if (bench.has(required)) {
                values.putIfAbsent(required, value);
            }
        });
        values.forEach(bench::property);
        KubeMojo mojo = bench.mojo();
        mojo.setLog(log);
        try {
            mojo.execute();
            return Optional.empty();
        } catch (MojoFailureException | MojoExecutionException | RuntimeException e) {
            return Optional.of(e);
        }
    }

    private static GoalBench bench(String goal) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                work.resolve("home").toString(),
                "XDG_CACHE_HOME",
                work.resolve("cache").toString()));
        environment.put("DOCKER_HOST", "tcp://" + ENGINE.hostAndPort());
        return GoalBench.of(Objects.requireNonNull(GOALS.get(goal)).get(), goal, work)
                .environment(environment);
    }

    private static String goalWith(String property) {
        List<String> all = new ArrayList<>(List.of("verify-prereqs"));
        all.addAll(new TreeSet<>(GOALS.keySet()));
        return all.stream()
                .filter(goal -> bench(goal).has(property))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no goal has " + property));
    }

    private static Optional<String> property(String expression) {
        return Optional.ofNullable(expression)
                .filter(text -> text.matches("\\$\\{[a-z]+[.\\w-]*}"))
                .map(text -> text.substring(2, text.length() - 1))
                .filter(name -> !List.of("session", "project", "mojoExecution").contains(name));
    }

    private static <T> T unused(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    private static Path place(String name) {
        return Objects.requireNonNull(PLACES.get(name), name);
    }

    /** The name and no longer one. */
    private static Pattern named(String property) {
        return Pattern.compile("(?:-D|(?<![\\w.]))" + Pattern.quote(property) + "(?!\\w|[.-]\\w)");
    }

    /** Everything that is there, with its time. */
    private static Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(work)) {
            Set<String> files = new TreeSet<>();
            for (Path file : all.toList()) {
                files.add(file + " " + Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
            }
            return files;
        }
    }
}
