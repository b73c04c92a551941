package io.kubebuild.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.Heard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    private final Path directory;
    private final Heard heard = new Heard();
    private final StateDirectory state;

    StateDirectoryTest(@TempDir Path directory) {
        this.directory = directory;
        this.state = new StateDirectory(directory, heard);
    }

    record Sample(String name, List<String> words, Map<String, Long> numbers, Optional<String> more) {}

    record Larger(String name, List<String> words, Map<String, Long> numbers, Optional<String> more, String added) {}

    private static final Sample SAMPLE =
            new Sample("ü \"x\"", List.of("b", "a"), Map.of("one", 1L, "two", 2L), Optional.empty());

    @Test
    void givesBackWhatWasWritten() throws IOException {
        state.write("sample", SAMPLE);

        assertThat(state.read("sample", Sample.class)).contains(SAMPLE);
        assertThat(heard.warnings()).isEmpty();
        assertThat(directory).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
    }

    @Test
    void writesAndReadsNothingThroughLinks(@TempDir Path other) throws IOException {
        Path victim = Files.writeString(other.resolve("victim"), "precious");
        Files.createSymbolicLink(directory.resolve("sample.json"), victim);
        Files.createSymbolicLink(directory.resolve("sample.json.part"), victim);
        assertThat(state.read("sample", Sample.class)).isEmpty();
        state.write("sample", SAMPLE);
        assertThat(victim).hasContent("precious");
        assertThat(state.read("sample", Sample.class)).contains(SAMPLE);

        Path linked = Files.createSymbolicLink(directory.resolve("linked"), other);
        StateDirectory elsewhere = new StateDirectory(linked, heard);
        assertThatThrownBy(() -> elsewhere.write("sample", SAMPLE))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is a symbolic link");
        assertThatThrownBy(() -> elsewhere.file("cross-compile.log")).isInstanceOf(KubeException.class);
        assertThat(other).isDirectoryContaining(victim::equals).isDirectoryNotContaining(file -> !file.equals(victim));
    }

    @Test
    void whatWasForgottenOrNeverWrittenIsNotThereAndNoReasonToWarn() throws IOException {
        state.write("sample", SAMPLE);
        state.forget("sample");
        state.forget("sample");

        assertThat(state.read("sample", Sample.class)).isEmpty();
        assertThat(heard.warnings()).isEmpty();
    }

    @Test
    void noPrefixOfARecordIsBelieved() throws IOException {
        state.write("sample", SAMPLE);
        Path file = directory.resolve("sample.json");
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(state.read("sample", Sample.class))
                    .as("%d bytes", length)
                    .isEmpty();
        }
        assertThat(heard.warnings()).hasSize(whole.length).allSatisfy(line -> assertThat(line)
                .contains("ignoring " + file));
    }

    @Test
    void noChangedContentIsBelieved() throws IOException {
        state.write("sample", SAMPLE);
        Path file = directory.resolve("sample.json");
        Files.writeString(file, Files.readString(file).replace("\"one\":1", "\"one\":3"));

        assertThat(state.read("sample", Sample.class)).isEmpty();
        assertThat(heard.warnings()).singleElement().asString().contains("damaged");
    }

    @Test
    void noOtherFormatIsBelieved() throws IOException {
        state.write("sample", SAMPLE);
        Path file = directory.resolve("sample.json");
        Files.writeString(file, Files.readString(file).replace("\"format\":1", "\"format\":2"));

        assertThat(state.read("sample", Sample.class)).isEmpty();
        assertThat(heard.warnings()).hasSize(1);
    }

    @Test
    void aRecordOfAnotherShapeIsNone() throws IOException {
        state.write("sample", SAMPLE);

        assertThat(state.read("sample", Larger.class)).isEmpty();
        assertThat(state.read("sample", Files.class)).isEmpty();
    }

    @Test
    void binaryRubbishIsNoRecord() throws IOException {
        Files.write(directory.resolve("sample.json"), new byte[] {(byte) 0xff, 0, (byte) 0xfe, '{'});

        assertThat(state.read("sample", Sample.class)).isEmpty();
    }
}
