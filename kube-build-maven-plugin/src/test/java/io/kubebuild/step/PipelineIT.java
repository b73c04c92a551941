package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.testing.SampleTree;
import io.kubebuild.workspace.Invoker;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Releases of the sample tree on a real engine: whatever somebody does to what a build left, the next one does again what that
 * made untrue, and nothing else.
 */
@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineIT {

    private static final String VERIFY = "verify-prereqs";
    private static final String IMAGE = "build-image";
    private static final String SYNC = "sync";
    private static final String COMPILE = "cross-compile";
    private static final String COPY = "copy-output";
    private static final String PACKAGE = "package-tarballs";

    private final Path directory;
    private final SampleTree tree;
    private Map<String, String> first = Map.of();

    PipelineIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.tree = SampleTree.copyTo(directory.resolve("kubernetes"));
    }

    @BeforeAll
    void releaseFromNothing() throws IOException {
        Heard heard = release();
        assertThat(heard.outcomes().values()).containsOnly("done");
        first = hashes("release-tars");
        assertThat(first)
                .containsKeys("kubernetes.tar.gz", "kubernetes-src.tar.gz", "kubernetes-server-linux-amd64.tar.gz");
    }

    @BeforeEach
    void everythingStands() {
        release();
    }

    @AfterAll
    void nothingIsLeftBehind() {
        pipeline(BuildListener.SILENT).clean(true);
        onEngine(context -> {
            assertThat(context.engine().containers(context.names().buildContainerBase()))
                    .isEmpty();
            assertThat(context.engine().containers(context.names().dataContainerBase()))
                    .isEmpty();
            assertThat(context.engine().image(context.names().image())).isEmpty();
        });
    }

    @Test
    void nothingChangedMeansNothingToDo() throws IOException {
        assertThat(redone(release())).isEmpty();
        assertThat(hashes("release-tars")).isEqualTo(first);
        onEngine(
                context -> assertThat(context.engine().container(context.names().buildContainer()))
                        .isEmpty());
    }

    @Test
    void binariesThatSomebodyDeletedAreCopiedAgain() throws IOException {
        OutputDirectory.delete(output("dockerized"));

        assertThat(redone(release())).containsExactly(COPY, PACKAGE);
        assertThat(output("dockerized/bin/linux/amd64/kubectl")).isExecutable();
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void aBinaryThatSomebodyWroteToIsCopiedAgainAlthoughSizeAndTimeAreTheSame() throws IOException {
        Path kubectl = output("dockerized/bin/linux/amd64/kubectl");
        FileTime time = Files.getLastModifiedTime(kubectl);
        byte[] bytes = Files.readAllBytes(kubectl);
        byte[] others = bytes.clone();
        others[bytes.length - 1] ^= 1;
        Files.write(kubectl, others);
        Files.setLastModifiedTime(kubectl, time);

        assertThat(redone(release())).contains(COPY);
        assertThat(kubectl).hasBinaryContent(bytes);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void tarballsThatSomebodyDeletedAreMadeAgain() throws IOException {
        OutputDirectory.delete(output("release-tars"));

        assertThat(redone(release())).containsExactly(PACKAGE);
        assertThat(hashes("release-tars")).isEqualTo(first);
        assertThat(output(OutputDirectory.RECORDED)).doesNotExist();
    }

    @Test
    void whatAChangeDoesNotReachIsTakenFromTheLastRelease() throws IOException {
        Path note = tree.root().resolve("cmd/note.md");
        Files.writeString(note, "the first makes the tree dirty");
        try {
            release();
            Map<String, String> before = hashes("release-tars");
            Files.writeString(note, "the second changes nothing but itself");
            Heard heard = release();

            assertThat(heard.details())
                    .contains("kubernetes-client-linux-amd64.tar.gz is as in the last release")
                    .anyMatch(detail -> detail.matches(".*/kube-apiserver.* is as in the last release"));
            Map<String, String> after = hashes("release-tars");
            assertThat(after.keySet())
                    .filteredOn(name -> !java.util.Objects.equals(after.get(name), before.get(name)))
                    .contains("kubernetes-src.tar.gz")
                    .doesNotContain("kubernetes-client-linux-amd64.tar.gz", "kubernetes.tar.gz");
        } finally {
            Files.delete(note);
        }
        release();
        assertThat(hashes("release-tars")).isEqualTo(first);
        Pipeline.of(
                        Requests.of(tree.root(), directory.resolve("home"))
                                .platforms("linux/amd64")
                                .force(true)
                                .build(),
                        BuildListener.SILENT)
                .run(List.of(StepName.PACKAGE_TARBALLS), false);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void withoutItsDataContainerEverythingThatLayThereIsMadeAgain() throws IOException {
        onEngine(context -> context.engine().remove(context.names().dataContainer()));

        assertThat(redone(release())).contains(SYNC, COMPILE).doesNotContain(IMAGE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void withoutItsBuildImageTheImageIsBuiltAndWhatWasMadeInItIsMadeAgain() throws IOException {
        onEngine(context -> {
            context.engine().remove(context.names().dataContainer());
            context.engine().removeImage(context.names().image());
        });

        assertThat(redone(release())).contains(IMAGE, SYNC, COMPILE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void anotherBranchAndBackGivesTheFirstBytes() throws Exception {
        tree.git("checkout", "-q", "-b", "other");
        Path source = tree.file("cmd/kubectl/main.go");
        Files.writeString(source, Files.readString(source) + "\nfunc init() { println(\"other\") }\n");
        tree.git("commit", "-q", "-a", "-m", "Other");
        try {
            // Upstream names containers by the branch: this one begins with nothing.
            Heard heard = new Heard();
            pipeline(heard).run(List.of(StepName.COPY_OUTPUT), true);
            assertThat(redone(heard)).contains(IMAGE, SYNC, COMPILE, COPY);
            onEngine(context -> new Cleaning(context).removeWorkspace());
        } finally {
            tree.git("checkout", "-q", "main");
        }

        Heard back = release();
        // The workspace of the branch is as it was left.
        assertThat(redone(back)).containsExactly(COPY, PACKAGE);
        assertThat(back.facts("generated sources")).isEmpty();
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void damagedRecordsAreNeverBelieved() throws IOException {
        List<Path> records;
        try (Stream<Path> files = Files.walk(output(OutputDirectory.STATE))) {
            records = files.filter(file -> file.toString().contains(".json"))
                    .filter(this::isOfTheRelease)
                    .sorted()
                    .toList();
        }
        assertThat(records).hasSizeGreaterThan(6);
        for (Path record : records) {
            byte[] bytes = Files.readAllBytes(record);
            Files.write(record, Arrays.copyOf(bytes, bytes.length / 2));
            assertThat(release().outcomes()).as(record.toString()).containsKey(PACKAGE);
            // What only speeds up work is looked at when there is work.
            String name = record.getFileName().toString();
            if (!Set.of("copy-record.json", "tarball-chunks.json", "version-file.json")
                            .contains(name)
                    && !name.contains("-made-of.")
                    && !isOfTheLastRequest(record)) {
                assertThat(Files.size(record)).as(record.toString()).isGreaterThan(bytes.length / 2);
            }
        }
        assertThat(redone(release())).isEmpty();
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    /** Those of single targets, and of other requests, are not looked at by it. */
    private boolean isOfTheRelease(Path record) {
        String name = record.getFileName().toString();
        boolean ofOtherPlan = name.startsWith("targets-")
                || (name.startsWith("release-") && !name.startsWith(asked(context -> new Planner(context).slot())));
        boolean ofOtherRequest = record.toString().contains("/" + RequestRecords.DIRECTORY + "/")
                && !record.toString().contains("/" + asked(context -> context.ofRequest("")));
        return !ofOtherPlan && !ofOtherRequest;
    }

    /** For whoever has none of its own. */
    private boolean isOfTheLastRequest(Path record) {
        return record.equals(output(OutputDirectory.STATE).resolve("verified.json"))
                || record.equals(output(OutputDirectory.STATE).resolve("description.json"));
    }

    private String asked(Function<BuildContext, String> question) {
        String[] answer = new String[1];
        onEngine(context -> answer[0] = question.apply(context));
        return answer[0];
    }

    @Test
    void aPlanThatSomebodyEditedIsRecordedAgain() throws IOException {
        Path plan = ofWorkspace(asked(context -> new Planner(context).slot()) + "-plan.commands.json");
        String text = Files.readString(plan);
        Files.writeString(plan, text.replaceFirst("cmd/kubectl", "cmd/kubextl"));
        assertThat(Files.readString(plan)).isNotEqualTo(text);

        assertThat(redone(release())).contains(COMPILE);
        assertThat(Files.readString(plan)).isEqualTo(text);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void whatAnotherUserLeftIsGivenToWhoeverCleans() throws IOException {
        Path left = Files.createDirectories(output("release-stage/left"));
        Path link = Files.createSymbolicLink(left.resolve("link"), tree.file("Makefile"));
        Path file = Files.writeString(left.resolve("file"), "");
        try {
            onEngine(context -> assertThat(new Leftovers(context, new Owner(12_345, 54_321)).takeOver(List.of(left)))
                    .isTrue());
            for (Path each : List.of(left, link, file)) {
                assertThat(Files.getAttribute(each, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                        .isEqualTo(12_345);
                assertThat(Files.getAttribute(each, "unix:gid", LinkOption.NOFOLLOW_LINKS))
                        .isEqualTo(54_321);
            }
            assertThat(Files.getAttribute(tree.file("Makefile"), "unix:uid")).isNotEqualTo(12_345);
        } finally {
            onEngine(context -> new Leftovers(context, Invoker.owner()).takeOver(List.of(left)));
            OutputDirectory.delete(left);
        }
    }

    @Test
    void aTagThatIsAddedIsInTheSourceTarball() throws IOException, InterruptedException {
        // git archive writes it into hack/lib/version.sh.
        tree.git("tag", "another");
        try {
            assertThat(redone(release())).containsExactly(PACKAGE);
            assertThat(hashes("release-tars").get("kubernetes-src.tar.gz"))
                    .isNotEqualTo(first.get("kubernetes-src.tar.gz"));
        } finally {
            tree.git("tag", "-d", "another");
        }
        assertThat(redone(release())).containsExactly(PACKAGE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void anotherEngineMeansThatNothingStands() {
        BuildContext.EngineSource other = (request, home) -> calledOtherwise(BuildContext.connect(request, home));

        assertThatThrownBy(() -> Pipeline.of(request(), BuildListener.SILENT, other)
                        .run(List.of(StepName.PACKAGE_TARBALLS), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube:verify-prereqs");
    }

    @Test
    void aGoalAloneNamesTheGoalThatIsMissing() throws IOException {
        Path source = tree.file("cmd/kubectl/main.go");
        String text = Files.readString(source);
        FileTime time = Files.getLastModifiedTime(source);
        Files.writeString(source, text + "\n// edited\n");
        try {
            assertThatThrownBy(() -> pipeline(BuildListener.SILENT).run(List.of(StepName.PACKAGE_TARBALLS), false))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("run kube:sync first");
            assertThat(redone(release())).contains(SYNC, COMPILE);
        } finally {
            Files.writeString(source, text);
            Files.setLastModifiedTime(source, time);
        }

        // Reverted with the old time: the binaries of the first release.
        assertThat(redone(release())).contains(SYNC, COMPILE, PACKAGE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void whatOthersDidToTheWorkspaceIsNoticed() throws IOException {
        // As upstream's rsync --delete leaves it.
        inDataContainer("rm -f .kube-build-snapshot~; find . -name 'zz_generated*' -delete");

        assertThatThrownBy(() -> pipeline(BuildListener.SILENT).run(List.of(StepName.CROSS_COMPILE), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("run kube:sync first");
        Heard heard = release();
        assertThat(redone(heard)).contains(SYNC, COMPILE);
        assertThat(heard.facts("generated sources")).hasSize(1);

        inDataContainer("echo x >> _output/dockerized/bin/linux/amd64/kubectl");
        assertThat(redone(release())).contains(COMPILE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void singleTargetsAndReleasesLiveSideBySide() throws IOException {
        Heard heard = new Heard();
        BuildResult result = Pipeline.of(
                        Requests.of(tree.root(), directory.resolve("home"))
                                .targets("cmd/kubectl")
                                .build(),
                        heard)
                .run(List.of(StepName.CROSS_COMPILE, StepName.COPY_OUTPUT), true);

        assertThat(result.binaries()).singleElement().satisfies(binary -> assertThat(binary)
                .isExecutable());
        assertThat(heard.outcomes()).doesNotContainKey(PACKAGE);
        release();
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void cleaningOutputsNeedsNoEngineAndKeepsTheWorkspace() throws IOException {
        Pipeline.of(request(), BuildListener.SILENT, (request, home) -> {
                    throw new AssertionError("nobody needs an engine for that");
                })
                .clean(false);

        assertThat(output("")).doesNotExist();
        onEngine(
                context -> assertThat(context.engine().container(context.names().dataContainer()))
                        .isPresent());
        assertThat(redone(release())).contains(SYNC, COMPILE, COPY, PACKAGE);
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    @Test
    void generatedSourcesStandUntilSomethingChangesThatTheGeneratorsRead() throws IOException {
        whileEdited("cmd/kubectl/main.go", () -> {
            Heard heard = compile();
            assertThat(redone(heard)).contains(SYNC, COMPILE);
            assertThat(heard.facts("generated sources"))
                    .containsExactly("stand: the generators read nothing of what changed");
        });
        compile();

        // Imported by the tagged package, from another directory.
        String imported = "staging/src/k8s.io/component-base/version/version.go";
        whileEdited(imported, () -> assertThat(compile().facts("generated sources"))
                .containsExactly("do not stand: " + imported + " changed", "made anew, sources changed"));
        compile();
        whileEdited("pkg/sample/types.go", () -> assertThat(compile().facts("generated sources"))
                .hasSize(2));

        Heard heard = release();
        assertThat(heard.facts("generated sources"))
                .containsExactly("do not stand: pkg/sample/types.go changed", "made anew, sources changed");
        assertThat(hashes("release-tars")).isEqualTo(first);
    }

    /** What a test does while a source is another one. */
    @FunctionalInterface
    private interface Meanwhile {
        void run() throws IOException;
    }

    /** Puts the source back with its old time. */
    private void whileEdited(String path, Meanwhile meanwhile) throws IOException {
        Path source = tree.file(path);
        String text = Files.readString(source);
        FileTime time = Files.getLastModifiedTime(source);
        Files.writeString(source, text + "\n// edited\n");
        try {
            meanwhile.run();
        } finally {
            Files.writeString(source, text);
            Files.setLastModifiedTime(source, time);
        }
    }

    private BuildRequest request() {
        return Requests.of(tree.root(), directory.resolve("home"))
                .platforms("linux/amd64")
                .build();
    }

    private Pipeline pipeline(BuildListener listener) {
        return Pipeline.of(request(), listener);
    }

    private Heard compile() {
        Heard heard = new Heard();
        pipeline(heard).run(List.of(StepName.CROSS_COMPILE), true);
        return heard;
    }

    private Heard release() {
        Heard heard = new Heard();
        pipeline(heard).run(List.of(StepName.values()), false);
        return heard;
    }

    /** Steps that did work; verify-prereqs always does. */
    private static List<String> redone(Heard heard) {
        return heard.outcomes().entrySet().stream()
                .filter(step -> !step.getKey().equals(VERIFY) && step.getValue().equals("done"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A record about the workspace of the branch that is checked out. */
    private Path ofWorkspace(String record) {
        Path[] file = new Path[1];
        onEngine(context -> file[0] = context.state().file(context.ofWorkspace(record)));
        return file[0];
    }

    private Path output(String path) {
        return tree.file("_output").resolve(path);
    }

    /**
     * Hashes of the files of a directory. What holds test binaries is left out: {@code go test -c} puts the name of a temporary
     * directory into them, so that they differ from one compile to the next, upstream's too.
     */
    private Map<String, String> hashes(String below) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(output(below))) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("kubernetes-test-linux"))
                    .toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                hashes.put(file.getFileName().toString(), HexFormat.of().formatHex(digest));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return hashes;
    }

    /** What a test does with the tree's context. */
    @FunctionalInterface
    private interface Use {
        void of(BuildContext context) throws InterruptedException;
    }

    private void onEngine(Use use) {
        try (BuildContext context = BuildContext.open(request(), BuildListener.SILENT, BuildContext::connect)) {
            use.of(context);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void inDataContainer(String script) {
        onEngine(context -> {
            String name = context.names().buildContainer() + "-test";
            String container = context.engine()
                    .create(ContainerSpec.of(
                                    name,
                                    context.names().image(),
                                    List.of("sh", "-c", "cd " + BuildContext.ROOT + " && { " + script + "; }"))
                            .withVolumesFrom(List.of(context.names().dataContainer())));
            try {
                context.engine().start(container);
                assertThat(context.engine().await(container)).isZero();
            } finally {
                context.engine().remove(container);
            }
        });
    }

    private static Engine calledOtherwise(Engine engine) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(engine, arguments);
                        return answer instanceof EngineInfo info
                                ? new EngineInfo(
                                        info.endpoint(),
                                        info.endpointSource(),
                                        "another engine",
                                        info.version(),
                                        info.apiVersion(),
                                        info.os(),
                                        info.architecture(),
                                        info.cpus(),
                                        info.memoryBytes(),
                                        info.rootDirectory(),
                                        info.limitsProcesses(),
                                        info.limitsMemory(),
                                        info.securityOptions())
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
