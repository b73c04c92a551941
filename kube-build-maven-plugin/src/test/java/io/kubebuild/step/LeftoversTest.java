package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

    private static final Owner INVOKER = new Owner(1234, 56);

    private final FakeBench bench;
    private final Path output;
    private final List<ContainerSpec> started = new ArrayList<>();
    private int exit;

    LeftoversTest(@TempDir Path directory) throws IOException, InterruptedException {
        bench = FakeBench.in(directory);
        output = Files.createDirectory(bench.tree().file("_output"));
        bench.engine().onStart(container -> {
            started.add(container.spec());
            return OptionalInt.of(exit);
        });
    }

    private boolean takeOver() throws InterruptedException {
        try (BuildContext context = bench.context(bench.request().build())) {
            return new Leftovers(context, INVOKER).takeOver(List.of(output));
        }
    }

    @Test
    void rootOfAContainerGivesThemToTheInvoker() throws InterruptedException {
        assertThat(takeOver()).isTrue();

        assertThat(started).singleElement().satisfies(spec -> {
            assertThat(spec.command())
                    .containsExactly("chown", "--recursive", "--no-dereference", "1234:56", "--", "/leftovers/_output");
            assertThat(spec.user()).isEqualTo(Optional.of("0:0"));
            assertThat(spec.host().binds())
                    .containsExactly(new HostAccess.Bind(bench.tree().root().toString(), "/leftovers", false));
        });
        assertThat(bench.engine().containers("")).isEmpty();
        assertThat(bench.tree().root().toFile().list()).noneMatch(name -> name.startsWith(".kube-build-"));
    }

    @Test
    void anEngineElsewhereIsNotAskedTo() throws InterruptedException {
        bench.engine().elsewhere();

        assertThat(takeOver()).isFalse();
        assertThat(started).isEmpty();
        assertThat(bench.engine().containers("")).isEmpty();
    }

    @Test
    void whereRootMayNotEitherTheyStay() throws InterruptedException {
        exit = 1;

        assertThat(takeOver()).isFalse();
        assertThat(bench.heard().facts("output directory")).isEmpty();
        assertThat(bench.engine().containers("")).isEmpty();
    }

    @Test
    void withoutAnImageTheyStay() throws InterruptedException {
        bench.engine().removeImage(FakeBench.CROSS);

        assertThat(takeOver()).isFalse();
        assertThat(started).isEmpty();
    }
}
