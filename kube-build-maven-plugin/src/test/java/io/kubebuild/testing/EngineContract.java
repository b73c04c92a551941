package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.Rights;
import io.kubebuild.io.TarOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link Engine} does alike. */
public abstract class EngineContract {

    /** A command that runs until it is killed. */
    protected static final List<String> FOREVER = List.of("/bin/sh", "-c", "while :; do sleep 3600; done");

    /** A main process that prints three lines and ends with 7. */
    protected static final List<String> ENDS_WITH_SEVEN =
            List.of("/bin/sh", "-c", "printf 'one\\ntwo\\nthree\\n'; exit 7");

    /** A command that prints two lines, the last without an end, and ends with 3. */
    protected static final List<String> PRINTS = List.of("/bin/sh", "-c", "printf 'first\\nlast'; exit 3");

    private static final int UID = 1234;
    private static final int GID = 4321;

    /** Unlike any other run's, because engines are shared. */
    protected final String prefix =
            "kube-contract-" + UUID.randomUUID().toString().substring(0, 8) + "-";

    private final List<String> names = new ArrayList<>();

    protected abstract Engine engine();

    /** An image with a shell, which the engine has. */
    protected abstract String image();

    /** What the engine itself says of a container's rights. */
    protected abstract Rights rightsOf(String container);

    /** What it says of its network. */
    protected abstract String networkOf(String container);

    @AfterEach
    void removesWhatItMade() {
        engine().containers(prefix).forEach(container -> engine().remove(container.id()));
        names.forEach(engine()::removeImage);
    }

    @Test
    void runsAContainerToItsEndAndTellsTheExitCode() throws Exception {
        String id = engine().create(spec("run", ENDS_WITH_SEVEN).withLabels(Map.of("who", "contract")));
        engine().start(id);

        assertThat(engine().await(id)).isEqualTo(7);
        ContainerInfo info = engine().container(prefix + "run").orElseThrow();
        assertThat(info.id()).isEqualTo(id);
        assertThat(info.name()).isEqualTo(prefix + "run");
        assertThat(info.image()).isEqualTo(imageInfo().id());
        assertThat(info.running()).isFalse();
        assertThat(info.exitCode()).isEqualTo(7);
        assertThat(info.labels()).containsEntry("who", "contract");
        assertThat(engine().logs(id, 2)).isEqualTo("two\nthree");
    }

    @Test
    void givesAContainerTheRightsThatItIsToHaveAndNoOthers() {
        Rights least = new Rights(
                Optional.of(List.of("CHOWN", "FOWNER")), false, OptionalLong.of(1000), OptionalLong.of(1L << 30));
        Rights none = new Rights(Optional.of(List.of()), false, OptionalLong.empty(), OptionalLong.empty());

        String few = engine().create(spec("few", FOREVER).withRights(least));
        String without = engine().create(spec("without", FOREVER).withRights(none));
        String usual = engine().create(spec("usual", FOREVER));

        assertThat(rightsOf(few)).isEqualTo(least);
        assertThat(rightsOf(without)).isEqualTo(none);
        assertThat(rightsOf(usual)).isEqualTo(Rights.USUAL);
        assertThat(networkOf(few)).isEqualTo("none");
    }

    @Test
    void findsContainersByTheBeginningOfTheirNames() {
        engine().create(spec("a-1", FOREVER));
        engine().create(spec("a-2", FOREVER));
        engine().create(spec("b", FOREVER));

        assertThat(engine().containers(prefix + "a-"))
                .extracting(ContainerInfo::name)
                .containsExactlyInAnyOrder(prefix + "a-1", prefix + "a-2");
        assertThat(engine().container(prefix + "a")).isEmpty();
    }

    @Test
    void refusesANameThatIsTakenAndAnImageThatIsNotThere() {
        engine().create(spec("taken", FOREVER));

        assertFails(Kind.CONFLICT, () -> engine().create(spec("taken", FOREVER)));
        assertFails(
                Kind.NOT_FOUND, () -> engine().create(ContainerSpec.of(prefix + "x", "kube-contract/none:1", FOREVER)));
    }

    @Test
    void passesOnEachLineOfACommandAndItsExitCode() throws Exception {
        String id = running("exec");
        List<String> lines = new ArrayList<>();

        int code = engine().exec(id, exec(PRINTS), lines::add);

        assertThat(code).isEqualTo(3);
        assertThat(lines).containsExactly("first", "last");
    }

    @Test
    void runsNoCommandInAContainerThatIsStoppedOrAbsent() {
        String id = engine().create(spec("stopped", FOREVER));

        assertFails(Kind.CONFLICT, () -> engine().exec(id, exec(PRINTS), line -> {}));
        assertFails(Kind.NOT_FOUND, () -> engine().exec(prefix + "none", exec(PRINTS), line -> {}));
    }

    @Test
    void killsAContainerThatRunsAndLeavesTheOthersAlone() throws Exception {
        String id = running("kill");

        engine().kill(id);
        assertThat(engine().await(id)).isEqualTo(137);
        assertThatCode(() -> engine().kill(id)).doesNotThrowAnyException();
        assertThatCode(() -> engine().kill(prefix + "none")).doesNotThrowAnyException();
    }

    @Test
    void removesWhatRunsAndDoesNotMindWhatIsNotThere() {
        String id = running("remove");

        engine().remove(id);
        assertThat(engine().container(id)).isEmpty();
        assertThatCode(() -> engine().remove(id)).doesNotThrowAnyException();
        assertThatCode(() -> engine().removeImage("kube-contract/none:1")).doesNotThrowAnyException();
    }

    @Test
    void keepsOwnersModesAndLinksOnTheWayInAndOut() throws Exception {
        String id = engine().create(spec("copy", FOREVER).withVolumes(List.of("/data")));

        engine().copyInto(id, "/data", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "tree/", 0750, "");
                add(tar, "tree/run.sh", 0755, "#!/bin/sh\n");
                add(tar, "tree/secret", 0600, "s\u00e9cret");
                link(tar, "tree/link", "run.sh");
                add(tar, "tree/empty/", 0700, "");
            }
        });

        assertThat(entries(id, "/data/tree"))
                .containsExactlyInAnyOrder(
                        "tree/ 750 1234:4321",
                        "tree/run.sh 755 1234:4321 #!/bin/sh\n",
                        "tree/secret 600 1234:4321 s\u00e9cret",
                        "tree/link -> run.sh 1234:4321",
                        "tree/empty/ 700 1234:4321");
        assertThat(entries(id, "/data/tree/secret")).containsExactly("secret 600 1234:4321 s\u00e9cret");
    }

    @Test
    void takesOwnersOfDirectoryServicesDatesBeforeUnixAndAnyName() throws Exception {
        String id = engine().create(spec("ids", FOREVER).withVolumes(List.of("/data")));
        String name = "\u00fcber-" + "long-".repeat(40);

        engine().copyInto(id, "/data", out -> {
            try (TarArchiveOutputStream tar = TarOutput.to(out)) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setIds(1_500_000_123, 1_600_000_234);
                entry.setModTime(FileTime.fromMillis(-86_400_000));
                entry.setMode(0644);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        });

        assertThat(entries(id, "/data/" + name)).containsExactly(name + " 644 1500000123:1600000234 ");
    }

    @Test
    void replacesWhatIsInTheWayOfAnotherKind() throws Exception {
        String id = engine().create(spec("swap", FOREVER).withVolumes(List.of("/data")));
        engine().copyInto(id, "/data", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "tree/", 0755, "");
                add(tar, "tree/a/", 0755, "");
                add(tar, "tree/a/file", 0644, "x");
                add(tar, "tree/b", 0644, "x");
                link(tar, "tree/c", "b");
            }
        });

        engine().copyInto(id, "/data", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "tree/a", 0644, "now a file");
                add(tar, "tree/b/", 0755, "");
                add(tar, "tree/c", 0644, "no link");
            }
        });

        assertThat(entries(id, "/data/tree"))
                .containsExactlyInAnyOrder(
                        "tree/ 755 1234:4321",
                        "tree/a 644 1234:4321 now a file",
                        "tree/b/ 755 1234:4321",
                        "tree/c 644 1234:4321 no link");
    }

    @Test
    void sharesTheVolumesOfAStoppedContainer() throws Exception {
        engine().create(spec("owner", FOREVER).withVolumes(List.of("/data")));
        engine().copyInto(prefix + "owner", "/data", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "file", 0644, "shared");
            }
        });

        String user = engine().create(spec("user", FOREVER).withVolumesFrom(List.of(prefix + "owner")));

        assertThat(entries(user, "/data/file")).containsExactly("file 644 1234:4321 shared");
    }

    @Test
    void marksAFileAnewWhenItIsWrittenToAlsoWhereNothingRuns() throws Exception {
        String owner = engine().create(spec("marked", FOREVER).withVolumes(List.of("/data")));
        String file = "/data/file";
        assertThat(engine().mark(owner, file)).isEmpty();

        putFile(owner, "first");
        Optional<String> first = engine().mark(owner, file);
        Optional<String> again = engine().mark(owner, file);
        putFile(owner, "another one");

        assertThat(first).isPresent().isEqualTo(again);
        assertThat(engine().mark(owner, file)).isPresent().isNotEqualTo(first);
        assertThat(engine().mark(prefix + "none", file)).isEmpty();
    }

    private void putFile(String container, String text) throws IOException {
        engine().copyInto(container, "/data", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "file", 0644, text);
            }
        });
    }

    @Test
    void seesADirectoryOfTheEnginesMachineAlsoWhereNothingRuns(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("file"), "of the host");
        HostAccess tree = HostAccess.to(List.of(new HostAccess.Bind(directory.toString(), "/tree", false)));
        engine().create(spec("bound", FOREVER).withHost(tree).withVolumes(List.of("/tree/apart")));

        String user = engine().create(spec("user", FOREVER).withVolumesFrom(List.of(prefix + "bound")));

        assertThat(engine().mark(prefix + "bound", "/tree/file")).isPresent();
        assertThat(engine().mark(user, "/tree/file")).isPresent();
        assertThat(engine().mark(user, "/tree/other")).isEmpty();
    }

    @Test
    void bindsNoDirectoryThatIsNotThere() {
        HostAccess nowhere = HostAccess.to(List.of(new HostAccess.Bind("/no/such/" + prefix, "/tree", false)));

        assertThatThrownBy(() ->
                        engine().start(engine().create(spec("unbound", FOREVER).withHost(nowhere))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("/no/such/" + prefix);
    }

    @Test
    void tellsThePortThatAContainerIsReachedBy() {
        HostAccess port = HostAccess.through(new HostAccess.Port(8730, 0));
        ContainerSpec spec = ContainerSpec.of(prefix + "port", image(), FOREVER)
                .withEntrypoint(List.of(""))
                .withHost(port);
        String id = engine().create(spec);

        engine().start(id);

        assertThat(engine().container(id).orElseThrow().ports())
                .hasEntrySatisfying(8730, outside -> assertThat(outside).isPositive());
    }

    @Test
    void saysWhatIsNotThereToCopy() {
        String id = engine().create(spec("absent", FOREVER));

        assertFails(
                Kind.NOT_FOUND, () -> engine().copyOutOf(id, "/no/such/path").close());
        assertFails(Kind.NOT_FOUND, () -> engine().copyInto(id, "/no/such/dir", out -> {
            try (TarArchiveOutputStream tar = tar(out)) {
                add(tar, "file", 0644, "x");
            }
        }));
        assertFails(Kind.NOT_FOUND, () -> engine().copyOutOf(prefix + "none", "/bin")
                .close());
    }

    @Test
    void passesOnTheFailureOfTheWriterAsItIs() {
        String id = engine().create(spec("writer", FOREVER).withVolumes(List.of("/data")));
        IOException failure = new IOException("cannot read the source");

        assertThatThrownBy(() -> engine().copyInto(id, "/data", out -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void namesAndUnnamesImages() {
        String repository = prefix + "image";
        String id = imageInfo().id();

        tag(image(), repository + ":1");
        tag(image(), repository + ":2");
        assertThat(engine().imageTags(repository)).containsExactly(repository + ":1", repository + ":2");
        assertThat(engine().image(repository + ":1").orElseThrow().id()).isEqualTo(id);
        assertThat(engine().image(id).orElseThrow().tags()).contains(repository + ":2");

        engine().removeImage(repository + ":1");
        assertThat(engine().image(repository + ":1")).isEmpty();
        assertThat(engine().imageTags(repository)).containsExactly(repository + ":2");
        assertThat(engine().image(id)).isPresent();
        assertFails(Kind.NOT_FOUND, () -> engine().tag("kube-contract/none:1", repository + ":3"));
    }

    @Test
    void describesAnImage() {
        ImageInfo info = imageInfo();

        assertThat(info.id()).startsWith("sha256:");
        assertThat(info.os()).isEqualTo("linux");
        assertThat(info.architecture()).isEqualTo(engine().info().architecture());
        assertThat(info.bytes()).isPositive();
        assertThat(engine().image("kube-contract/none:1")).isEmpty();
    }

    @Test
    void loadsWhatItSaved(@TempDir Path directory) throws Exception {
        String name = prefix + "saved:1";
        String id = build(directory, name, Map.of("saved", prefix));
        Path archive = directory.resolve("image.tar");
        try (InputStream in = engine().save(List.of(name))) {
            Files.copy(in, archive);
        }
        engine().removeImage(name);
        assertThat(engine().image(name)).isEmpty();

        engine().load(archive);

        ImageInfo loaded = engine().image(name).orElseThrow();
        assertThat(loaded.id()).isEqualTo(id);
        assertThat(loaded.labels()).containsEntry("saved", prefix);
        assertFails(Kind.NOT_FOUND, () -> engine().save(List.of("kube-contract/none:1"))
                .close());
    }

    @Test
    void buildsAnImageWithItsNamesAndLabels(@TempDir Path directory) throws Exception {
        String name = prefix + "built:1";

        String id = build(directory, name, Map.of("label", "value"));

        ImageInfo built = engine().image(name).orElseThrow();
        assertThat(built.id()).isEqualTo(id);
        assertThat(built.tags()).contains(name);
        assertThat(built.labels()).containsEntry("label", "value");
    }

    protected final ContainerSpec spec(String name, List<String> command) {
        return ContainerSpec.of(prefix + name, image(), command)
                .withEntrypoint(List.of(""))
                .withNetworkMode("none");
    }

    protected final String running(String name) {
        String id = engine().create(spec(name, FOREVER));
        engine().start(id);
        return id;
    }

    protected static Engine.ExecSpec exec(List<String> command) {
        return new Engine.ExecSpec(command, Map.of(), Optional.empty(), Optional.empty());
    }

    protected final String build(Path directory, String name, Map<String, String> labels) throws IOException {
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.writeString(context.resolve("Containerfile"), "FROM " + image() + "\n");
        names.add(name);
        return engine().build(
                        new ImageBuild(context, "Containerfile", List.of(name), Map.of(), labels, Optional.empty()),
                        line -> {});
    }

    /** An image name to be removed after the test. */
    protected final String named(String name) {
        names.add(name);
        return name;
    }

    protected static void assertFails(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind())
                .as(e.getMessage())
                .isEqualTo(kind));
    }

    private ImageInfo imageInfo() {
        return engine().image(image()).orElseThrow();
    }

    private void tag(String reference, String name) {
        names.add(name);
        engine().tag(reference, name);
    }

    protected static TarArchiveOutputStream tar(java.io.OutputStream out) {
        return new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    }

    protected static void add(TarArchiveOutputStream tar, String name, int mode, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setIds(UID, GID);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        entry.setIds(UID, GID);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private List<String> entries(String container, String path) throws IOException {
        List<String> entries = new ArrayList<>();
        try (InputStream in = engine().copyOutOf(container, path);
                TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String owner = entry.getLongUserId() + ":" + entry.getLongGroupId();
                String mode = Integer.toOctalString(entry.getMode() & 07777);
                if (entry.isSymbolicLink()) {
                    entries.add(entry.getName() + " -> " + entry.getLinkName() + " " + owner);
                } else if (entry.isDirectory()) {
                    entries.add(entry.getName() + " " + mode + " " + owner);
                } else {
                    entries.add(entry.getName() + " " + mode + " " + owner + " "
                            + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return entries;
    }
}
