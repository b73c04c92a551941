package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.StepName;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine tells of a container while it runs. */
class InspectedContainersTest {

    @Test
    void passwordsOfProxiesAreGivenToCommandsAlone(@TempDir Path directory) throws Exception {
        FakeBench bench = FakeBench.in(directory);
        NetworkSettings proxied = new NetworkSettings(
                Optional.empty(),
                Optional.of("http://jo:s3cret@proxy.example:3128"),
                NoProxy.NONE,
                Map.of(),
                CredentialSource.NONE,
                Optional.of("https://jo:s3cret@modules.example"),
                List.of());
        BuildRequest request = bench.request().unpackaged().network(proxied).build();
        bench.pipeline(request).run(List.of(StepName.BUILD_IMAGE), true);
        String data = bench.engine()
                .addContainer(ContainerSpec.of("data", FakeBench.CROSS, List.of("true"))
                        .withVolumes(List.of(BuildContext.ROOT)));
        bench.engine().end(data, 0);
        List<ContainerSpec> running = new ArrayList<>();
        bench.engine().onExec((container, command, output) -> {
            running.add(container.spec());
            return 0;
        });

        try (BuildContext context = bench.context(request);
                Workspace workspace = Workspaces.open(context, data)) {
            workspace.run(Command.in("/", Map.of(), "true"), line -> {});
        }

        assertThat(running).singleElement().satisfies(spec -> assertThat(spec.toString())
                .doesNotContain("s3cret"));
        assertThat(bench.engine().execs().get(0).environment())
                .containsEntry("HTTPS_PROXY", "http://jo:s3cret@proxy.example:3128")
                .containsEntry("GOPROXY", "https://jo:s3cret@modules.example");
    }
}
