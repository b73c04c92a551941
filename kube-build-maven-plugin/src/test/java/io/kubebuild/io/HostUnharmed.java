package io.kubebuild.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assertions;

/**
 * A host with a place for what is made of an archive, and a directory beside it that nobody may touch: {@code inside} and {@code
 * outside}. Holds a reader to what every reader of something of others has to keep.
 */
public final class HostUnharmed implements AutoCloseable {

    /** In no file that is made. */
    private static final String SECRET = "the host's own secret 5f1c";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Map<String, String> before;

    private HostUnharmed(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(inside());
        Files.createDirectories(outside().resolve("deeper"));
        Files.writeString(outside().resolve("secret"), SECRET);
        Files.writeString(outside().resolve("deeper/secret"), SECRET);
        this.before = all();
    }

    /** Gone when closed. */
    public static HostUnharmed anew() throws IOException {
        return new HostUnharmed(Files.createTempDirectory("kube-build-hostile").toRealPath());
    }

    /** Two directories deep, so that a way up that is a step too long is seen. */
    public Path inside() {
        return directory.resolve("made/inside");
    }

    public Path outside() {
        return directory.resolve("outside");
    }

    /** Reads an archive. */
    @FunctionalInterface
    public interface Reading {
        void run() throws Exception;
    }

    /** Reads, and looks at what became of the host; gives what the reader refused to go on with. */
    public Optional<Exception> after(Reading reading) {
        AtomicReference<Exception> refusal = new AtomicReference<>();
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
            try {
                reading.run();
            } catch (KubeException | IOException e) {
                refusal.set(e);
            }
        });
        assertThatCode(this::requireUnharmed).doesNotThrowAnyException();
        Optional<Exception> refused = Optional.ofNullable(refusal.get());
        refused.ifPresent(HostUnharmed::requireReadable);
        return refused;
    }

    private void requireUnharmed() throws IOException {
        assertThat(all()).as("what lies beside").isEqualTo(before);
        try (Stream<Path> made = Files.walk(inside())) {
            for (Path file : made.toList()) {
                if (!Files.isSymbolicLink(file)) {
                    assertThat(FileModes.get(file) & 06000)
                            .as("special mode of %s", file)
                            .isZero();
                }
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    assertThat(content(file)).as("%s", file).doesNotContain(SECRET);
                }
            }
        }
    }

    private static String content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            bytes = unpacked.readAllBytes();
        } catch (IOException e) {
            // Most files are not compressed.
            assertThat(e).isNotNull();
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A message says something, and moves nobody's cursor. */
    private static void requireReadable(Exception e) {
        assertThat(e).hasMessageNotContaining("NullPointer");
        String shown = e instanceof KubeException
                ? String.valueOf(e.getMessage())
                : new Problem("x", String.valueOf(e.getMessage()), "x").text();
        assertThat(shown).isNotBlank();
        assertThat(shown.codePoints().filter(c -> c != '\n' && c != '\t' && Character.isISOControl(c)))
                .as("control characters in %s", shown)
                .isEmpty();
        assertThat(shown.lines()).as("lines of their own").noneMatch(line -> line.strip()
                .startsWith("[INFO]"));
    }

    /** Everything but what is inside, with what it is. */
    private Map<String, String> all() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> !file.startsWith(inside())).forEach(file -> all.put(file.toString(), state(file)));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        DirectoryRemoval.remove(directory);
    }

    private static String state(Path file) {
        try {
            String mode = Integer.toOctalString(FileModes.get(file));
            if (Files.isSymbolicLink(file)) {
                return mode + " " + Files.readSymbolicLink(file);
            }
            return Files.isRegularFile(file) ? mode + " " + Files.readString(file) : mode;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
