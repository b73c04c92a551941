package io.kubebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ArchUnit looks at io.kubebuild; this looks at what lies elsewhere. */
class ForeignPackagesTest {

    @Test
    void onlyOneClassLiesInAPackageOfSomebodyElse() throws IOException {
        Path sources =
                Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<String> foreign = files.filter(Files::isRegularFile)
                    .map(file -> sources.relativize(file).toString())
                    .filter(file -> !file.startsWith("io/kubebuild/"))
                    .toList();

            assertThat(foreign).containsExactly("com/google/cloud/tools/jib/http/ProxiedHttpClient.java");
        }
    }
}
