package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.testing.SampleTree;
import io.kubebuild.tree.Git;
import io.kubebuild.tree.TreeRoot;
import io.kubebuild.tree.VersionDetector;
import io.kubebuild.tree.VersionOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFilesTest {

    @Test
    void whatMavenAndItsPluginsWriteMakesNoTreeDirty(@TempDir Path directory) throws Exception {
        SampleTree tree = SampleTree.copyTo(directory.resolve("kubernetes"));
        for (String file : List.of(
                "pom.xml",
                "pom.xml.versionsBackup",
                "pom.xml.releaseBackup",
                "pom.xml.tag",
                "release.properties",
                "mvnw",
                "mvnw.cmd",
                ".mvn/wrapper/maven-wrapper.properties",
                ".flattened-pom.xml",
                "dependency-reduced-pom.xml",
                "target/classes/x",
                ".m2/repository/x",
                ".project",
                ".classpath",
                ".factorypath",
                ".settings/org.eclipse.m2e.core.prefs")) {
            write(tree.file(file));
        }

        assertThat(version(tree)).isEqualTo("v1.20.2");
        write(tree.file("notes.txt"));
        assertThat(version(tree)).isEqualTo("v1.20.2-dirty");
    }

    @Test
    void onlyPathsBelowTheTreeMayBeNamed() {
        assertThat(List.of("ci/reports", "./ci/", ".sdkmanrc", "a..b"))
                .allMatch(word -> ProjectFiles.parse(word).isPresent());
        assertThat(List.of("", ".", "..", "../x", "a/../b", "a/./b", "/etc", "a//b", "*.iml", "a b", "a:b"))
                .allMatch(word -> ProjectFiles.parse(word).isEmpty());
        assertThat(ProjectFiles.parse("./ci/")).isEqualTo(Optional.of("ci"));
    }

    private static String version(SampleTree tree) {
        return new VersionDetector(TreeRoot.locate(tree.root()), new Git(tree.root(), System.getenv()), Map.of())
                .detect(VersionOverrides.NONE, ProjectFiles.below(tree.root(), List.of(), List.of()))
                .version()
                .version();
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }
}
