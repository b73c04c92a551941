package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.junit.jupiter.api.Test;

/** Goals as Maven's own container makes and configures them from the generated descriptor. */
@MojoTest
class GoalsInMavenTest {

    @Test
    @InjectMojo(goal = "release")
    @MojoParameter(name = "root", value = "src/test/no-tree")
    @MojoParameter(name = "outputDirectory", value = "_elsewhere")
    void configuresTheFieldsThatThePomNames(ReleaseMojo release) {
        assertThat(release.root).isEqualTo(new File("src/test/no-tree").getAbsoluteFile());
        assertThat(release.outputDirectory).isEqualTo("_elsewhere");
        assertThat(release.decrypter).isNotNull();
    }

    @Test
    @InjectMojo(goal = "compile")
    @MojoParameter(name = "what", value = "cmd/kubectl")
    void configuresWhatOneGoalHasAlone(CompileMojo compile) {
        assertThat(compile.what).containsExactly("cmd/kubectl");
    }
}
