package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ActionGraphTest {

    /** As Go 1.19 writes it, shortened. */
    private static final String INSTALL = """
            [
             {"ID":0,"Mode":"go install","Package":"","Deps":[1,2],"Cmd":null},
             {"ID":1,"Mode":"link-install","Package":"ex.org/p","Deps":[3],"Target":"/go/bin/p"},
             {"ID":2,"Mode":"link-install","Package":"ex.org/q","Deps":[4],"Target":"/go/bin/q"},
             {"ID":3,"Mode":"link","Package":"ex.org/p","Deps":[5,6],"Target":"/tmp/b001/exe/a.out"},
             {"ID":4,"Mode":"link","Package":"ex.org/q","Deps":[7],"Target":"/tmp/b002/exe/a.out"},
             {"ID":5,"Mode":"build","Package":"ex.org/p","Deps":[6],"Cmd":["compile {] x"]},
             {"ID":6,"Mode":"build","Package":"ex.org/lib [ex.org/lib.test]"},
             {"ID":7,"Mode":"build","Package":"ex.org/q"}
            ]
            """;

    private static ActionGraph read(String json) throws IOException {
        return ActionGraph.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void tellsThePackagesOfEachProgram() throws IOException {
        ActionGraph graph = read(INSTALL);

        assertThat(graph.packagesOf("/go/bin/p"))
                .hasValueSatisfying(paths -> assertThat(paths).containsExactly("ex.org/lib", "ex.org/p"));
        assertThat(graph.packagesOf("/go/bin/q"))
                .hasValueSatisfying(paths -> assertThat(paths).containsExactly("ex.org/q"));
        assertThat(graph.packagesOf("/go/bin/r")).isEmpty();
        assertThat(graph.packages()).containsExactly("ex.org/lib", "ex.org/p", "ex.org/q");
    }

    @Test
    void refusesWhatIsNotWhole() {
        assertThatThrownBy(() -> read(INSTALL.substring(0, INSTALL.length() / 2)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("[]")).isInstanceOf(IOException.class);
        assertThatThrownBy(() ->
                        read("[{\"ID\":1,\"Package\":\"a\",\"Deps\":[2]}]").packages())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2");
    }
}
