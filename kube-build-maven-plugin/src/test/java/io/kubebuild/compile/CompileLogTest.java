package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.GoCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileLogTest {

    @Test
    void writesCommandsSoThatAShellTakesThem(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("compile.log");

        try (CompileLog log = new CompileLog(file, BuildListener.SILENT)) {
            log.section("one program")
                    .command(new GoCommand(
                            "/tree",
                            new TreeMap<>(),
                            List.of("go", "install", "-ldflags", "-s -X 'a.b=c d'", "-tags", "", "example/cmd/one")));
        }

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "# one program",
                        "# cd /tree",
                        "# 'go' 'install' '-ldflags' '-s -X '\"'\"'a.b=c d'\"'\"'' '-tags' '' 'example/cmd/one'");
    }

    @Test
    void takesThePlaceOfALinkInsteadOfWritingThroughIt(@TempDir Path directory) throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path file = Files.createSymbolicLink(directory.resolve("compile.log"), victim);

        new CompileLog(file, BuildListener.SILENT).close();

        assertThat(victim).hasContent("precious");
        assertThat(file).isEmptyFile();
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }
}
