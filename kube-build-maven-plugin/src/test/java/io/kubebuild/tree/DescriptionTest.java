package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DescriptionTest {

    private static Description description(Map<String, List<String>> records) {
        return new Description(records);
    }

    @Property(tries = 200)
    void readsWhatItWrote(@ForAll("records") Map<String, List<String>> records) {
        Map<String, List<String>> all = new LinkedHashMap<>(Map.of("format", List.of("1")));
        all.putAll(records);

        assertThat(Description.parse(description(all).serialize()).records()).isEqualTo(all);
    }

    @Provide
    Arbitrary<Map<String, List<String>>> records() {
        Arbitrary<String> names =
                Arbitraries.strings().withChars("ABC_ ").ofMinLength(1).ofMaxLength(12);
        Arbitrary<String> values = Arbitraries.strings().withChars("ab/ \n3\"").ofMaxLength(9);
        return Arbitraries.maps(names, values.list().ofMaxSize(4)).ofMaxSize(5);
    }

    @Test
    void refusesWhatWasCutOff() {
        byte[] whole = description(Map.of("format", List.of("1"), "KUBE_ALL", List.of("a", "b")))
                .serialize();

        for (int length = 0; length < whole.length - 1; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Description.parse(cut)).hasMessageContaining("incomplete");
        }
    }

    @Test
    void namesThePartThatTheTreesScriptsFailedIn() {
        byte[] bytes = "format\0001\0001\0problem\0002\0lists\0golang.sh: line 3: oops\0end\0000\0"
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Description.parse(bytes))
                .hasMessageContaining("lists: golang.sh: line 3: oops")
                .hasMessageContaining("restore hack/ and build/");
    }

    @Test
    void findsServerTestTargetsUnderTheNameOfV14() {
        Description old = description(Map.of(
                "KUBE_NODE_TEST_TARGETS", List.of("test/e2e_node/e2e_node.test"),
                "KUBE_NODE_TEST_PLATFORMS", List.of("linux/arm"),
                "KUBE_SERVER_PLATFORMS", List.of("linux/amd64")));

        assertThat(old.targets(TargetGroup.SERVER_TEST)).containsExactly("test/e2e_node/e2e_node.test");
        assertThat(old.platforms(TargetGroup.SERVER_TEST)).containsExactly(new Platform("linux", "arm"));
        assertThat(old.platforms(TargetGroup.IMAGE)).containsExactly(new Platform("linux", "amd64"));
        assertThat(old.targets(TargetGroup.NODE)).isEmpty();
    }

    @Test
    void keepsAnEmptySelectionEmpty() {
        Description windowsOnly = description(
                Map.of("KUBE_TEST_SERVER_PLATFORMS", List.of(), "KUBE_SERVER_PLATFORMS", List.of("linux/amd64")));

        assertThat(windowsOnly.platforms(TargetGroup.SERVER_TEST)).isEmpty();
    }

    @Test
    void readsServerImages() {
        Description described = description(
                Map.of("images arm64", List.of("kube-proxy,registry:5000/iptables:v1", "kube-apiserver,runner:v2")));

        assertThat(described.serverImages("arm64"))
                .containsExactly(
                        new Description.ServerImage("kube-proxy", "registry:5000/iptables:v1"),
                        new Description.ServerImage("kube-apiserver", "runner:v2"));
        assertThat(described.serverImages("s390x")).isEmpty();
    }
}
