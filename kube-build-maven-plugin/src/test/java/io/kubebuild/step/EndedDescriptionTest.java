package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.FakeContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever ends the tree's scripts is named while they describe the tree, and the tree is not blamed for it. */
class EndedDescriptionTest {

    private final FakeBench bench;

    EndedDescriptionTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {143, 137, 130})
    void anEngineThatStops(int code) {
        verifying(code, container -> bench.engine().stop())
                .hasMessageContaining("the Docker engine stopped while the tree's scripts were read")
                .hasMessageContaining("exit code " + code + "; now it says: connection refused")
                .hasMessageContaining("docker info");
    }

    @ParameterizedTest
    @ValueSource(ints = {143, 137})
    void aContainerThatIsStopped(int code) {
        verifying(code, container -> {})
                .hasMessageContaining("-describe was stopped while the tree's scripts were read")
                .hasMessageContaining("its own exit code is " + code + " (SIG")
                .hasMessageContaining("docker stop");
    }

    @Test
    void aConnectionThatIsLostMeanwhile() {
        verifying(143, container -> bench.engine().failNext(EngineException.Kind.UNREACHABLE, "connection reset"))
                .hasMessageContaining("-describe was stopped while the tree's scripts were read")
                .hasMessageContaining("connection reset; its own exit code is 143 (SIGTERM");
    }

    @Test
    void memoryThatRunsOut() {
        verifying(137, FakeContainer::runOutOfMemory)
                .hasMessageContaining("memory ran out while the tree's scripts were read")
                .hasMessageContaining("OOMKilled")
                .hasMessageContaining("-Dkube.memory");
    }

    @Test
    void scriptsThatFailByThemselvesAreTheTreesOwn() {
        assertThatThrownBy(() -> verify(2, container -> container.print("build/common.sh: line 1: oops")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("bash ended with code 2")
                .hasMessageContaining("oops")
                .hasMessageContaining("see the lines above; hack/ and build/ of the tree must be complete");
        assertThatThrownBy(() -> verify(2, container -> {}))
                .hasMessageContaining("it printed nothing")
                .hasMessageNotContaining("see the lines above");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> verifying(int code, Consumer<FakeContainer> ending) {
        return assertThatThrownBy(() -> verify(code, ending))
                .isInstanceOf(KubeException.class)
                .hasMessageNotContaining("must be complete")
                .hasMessageNotContaining("lines above");
    }

    private void verify(int code, Consumer<FakeContainer> ending) {
        bench.engine().onStart(container -> {
            ending.accept(container);
            return OptionalInt.of(code);
        });
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), true);
    }
}
