package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FakeEngineTest extends EngineContract {

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
    protected String image() {
        return "kube-contract/shell:1";
    }

    @Test
    void pullsOnlyWhatTheRegistryHas() {
        engine.addRemoteImage("registry.example.com/base:1");

        engine.pull("registry.example.com/base:1", Optional.empty(), Optional.empty(), line -> {});
        assertThat(engine.image("registry.example.com/base:1")).isPresent();
        assertFails(
                Kind.NOT_FOUND,
                () -> engine.pull("registry.example.com/other:1", Optional.empty(), Optional.empty(), line -> {}));
        assertThat(engine.calls()).contains("pull registry.example.com/base:1");
    }
}
