package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.docker.HostAccess;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest.TransportSettings.Kind;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportsTest {

    private static final List<StepName> VERIFY = List.of(StepName.VERIFY_PREREQS);

    private final FakeBench bench;

    TransportsTest(@TempDir Path directory) throws IOException, InterruptedException {
        bench = FakeBench.in(directory);
    }

    private KubeException refusal(Requests request) {
        return catchThrowableOfType(
                KubeException.class, () -> bench.pipeline(request.build()).run(VERIFY, false));
    }

    @Test
    void mountsATreeOnlyOnAnEngineThatSeesIt() {
        bench.pipeline(bench.request().transport(Kind.BIND).build()).run(VERIFY, false);
        assertThat(bench.engine().containers("")).isEmpty();
        assertThat(bench.tree().file("_output"))
                .satisfies(output -> assertThat(output.toFile().list())
                        .noneMatch(name -> name.startsWith("kube-build-") && !name.equals("kube-build-plugin")));

        bench.engine().elsewhere();
        KubeException refused = refusal(bench.request().transport(Kind.BIND));
        assertThat(refused)
                .hasMessageContaining("kube.transport=bind needs an engine that sees the files of this machine")
                .hasMessageContaining("-Dkube.transport=archive");
        assertThat(refused.blame()).isEqualTo(KubeException.Blame.USER);
        assertThat(bench.engine().containers("")).isEmpty();
    }

    @Test
    void reportsAnEngineElsewhereTogetherWithEverythingElse() {
        bench.engine().elsewhere();

        assertThat(refusal(bench.request().transport(Kind.BIND).gitVersion("v1'"))
                        .problems())
                .hasSize(2);
    }

    @Test
    void needsRsyncForRsync() {
        assertThat(refusal(bench.request().transport(Kind.RSYNC).variable("PATH", "/nowhere:")))
                .hasMessageContaining("kube.transport=rsync needs the program rsync, which is not on the PATH");
    }

    @Test
    void keepsTheOutputsApartFromATreeThatIsMounted() throws IOException {
        try (BuildContext context =
                bench.context(bench.request().transport(Kind.BIND).build())) {
            Transports transports = new Transports(context);
            var wanted = transports.wanted();

            // Upstream's own name would have its rsync send the tree onto itself.
            assertThat(wanted.name()).isEqualTo(context.names().dataContainer() + "-bind");
            assertThat(wanted.volumes().binds())
                    .containsExactly(new HostAccess.Bind(bench.tree().root().toString(), BuildContext.ROOT, false));
            assertThat(wanted.volumes().volumes())
                    .contains(BuildContext.ROOT + "/_output", BuildContext.ROOT + "/.make")
                    .doesNotContain(BuildContext.ROOT);
            assertThat(wanted.volumes().owned()).doesNotContain(BuildContext.ROOT);
            assertThat(transports.emptyMountPoints()).contains(bench.tree().file(".make"));

            Files.writeString(bench.tree().file(".make/mine"), "");
            assertThat(transports.emptyMountPoints())
                    .doesNotContain(bench.tree().file(".make"));
        }
    }

    @Test
    void tellsSelinuxAboutATreeThatIsMounted() {
        bench.engine().securityOptions("name=seccomp,profile=default", "name=selinux");
        try (BuildContext context =
                bench.context(bench.request().transport(Kind.BIND).build())) {
            assertThat(new Transports(context).wanted().volumes().binds())
                    .extracting(HostAccess.Bind::relabel)
                    .containsExactly(true);
        }
    }

    @Test
    void leavesProjectFilesInATreeThatIsMountedAlone() {
        try (BuildContext context =
                bench.context(bench.request().transport(Kind.BIND).build())) {
            assertThat(context.inward().shelters("pom.xml", false)).isTrue();
            assertThat(context.inward().shelters("target/x", false)).isTrue();
            assertThat(context.inward().shelters("cmd/pom.xml", false)).isFalse();
        }
    }
}
