package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.docker.Rights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FakeEngineTest extends EngineContract {

    private static final String REMOTE = "registry.example.com/base:1";

    private final FakeEngine engine = new FakeEngine();

    @BeforeEach
    void scriptsWhatTheContractRuns() {
        engine.addImage(image(), Map.of());
        engine.onStart(container -> {
            if (!container.spec().command().equals(ENDS_WITH_SEVEN)) {
                return OptionalInt.empty();
            }
            container.print("one");
            container.print("two");
            container.print("three");
            return OptionalInt.of(7);
        });
        engine.onExec((container, spec, output) -> {
            assertThat(spec.command()).isEqualTo(PRINTS);
            output.accept("first");
            output.accept("last");
            return 3;
        });
    }

    @Override
    protected Engine engine() {
        return engine;
    }

    @Override
    protected Rights rightsOf(String container) {
        return engine.inside(container).spec().rights();
    }

    @Override
    protected String networkOf(String container) {
        return engine.inside(container).spec().networkMode().orElse("default");
    }

    @Override
    protected String image() {
        return "kube-contract/shell:1";
    }

    @Test
    void pullsOnlyWhatTheRegistryHas() {
        String id = engine.addRemoteImage(REMOTE, "arm64");

        pull(REMOTE, Optional.empty());
        pull(REMOTE, Optional.empty());

        ImageInfo pulled = engine.image(REMOTE).orElseThrow();
        assertThat(pulled.id()).isEqualTo(id);
        assertThat(pulled.architecture()).isEqualTo("arm64");
        assertFails(Kind.NOT_FOUND, () -> pull("registry.example.com/other:1", Optional.empty()));
        assertThat(engine.calls()).contains("pull " + REMOTE);
    }

    @Test
    void refusesPullsUntilAllRefusalsAreUsedUp() {
        RegistryCredentials ann = new RegistryCredentials("registry.example.com", "ann", "pw", "test");
        engine.addRemoteImage(REMOTE);
        engine.refuse(REMOTE, Kind.UNAUTHORIZED, "401").refuse(REMOTE, Kind.OTHER, "i/o timeout");

        assertFails(Kind.UNAUTHORIZED, () -> pull(REMOTE, Optional.empty()));
        assertFails(Kind.OTHER, () -> pull(REMOTE, Optional.of(ann)));
        assertThat(engine.image(REMOTE)).isEmpty();
        pull(REMOTE, Optional.of(ann));

        assertThat(engine.image(REMOTE)).isPresent();
        assertThat(engine.shown(REMOTE)).containsExactly(Optional.empty(), Optional.of(ann), Optional.of(ann));
    }

    @Test
    void failsInOneCallAndThenNoMore() {
        engine.failNext(Kind.NO_SPACE, "no space left on device");

        assertFails(Kind.NO_SPACE, () -> engine.create(spec("failed", FOREVER)));
        assertThat(engine.container(prefix + "failed")).isEmpty();
        assertThat(engine.create(spec("failed", FOREVER))).isNotBlank();
    }

    @Test
    void givesNoImageWhereABuildFails(@TempDir Path directory) {
        engine.failBuilds("The command returned a non-zero code: 1");

        assertFails(Kind.OTHER, () -> build(directory, prefix + "broken:1", Map.of()));
        assertThat(engine.image(prefix + "broken:1")).isEmpty();
        assertThat(engine.builds()).hasSize(1);
    }

    @Test
    void hasContainersThatSomebodyElseMade() throws Exception {
        String id = engine.addContainer(spec("other", FOREVER));
        assertThat(engine.container(id).orElseThrow().running()).isTrue();

        engine.end(id, 5);

        assertThat(engine.calls()).isEmpty();
        assertThat(engine.await(id)).isEqualTo(5);
    }

    private void pull(String reference, Optional<RegistryCredentials> credentials) {
        engine.pull(reference, Optional.empty(), credentials, line -> {});
    }
}
