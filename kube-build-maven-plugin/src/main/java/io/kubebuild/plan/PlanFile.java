package io.kubebuild.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A plan as JSON, for the cache below {@code _output} and for people who want to see it. */
public final class PlanFile {

    /** Grows with every change of the form; a plan of another form is recorded anew. */
    static final int FORMAT = 1;

    private final JsonMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private record Document(int format, Plan plan) {}

    /** The plan as text; the same plan gives the same text. */
    public String toJson(Plan plan) {
        try {
            return mapper.writeValueAsString(new Document(FORMAT, plan)) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hash of everything in the plan, for {@link Fingerprint} inputs. */
    public String id(Plan plan) {
        return Fingerprint.sha256(toJson(plan));
    }

    /** Writes it, or leaves what was there. */
    public void write(Plan plan, Path file) throws IOException {
        AtomicFile.write(file, draft -> {
            // For its owner alone, which suits a list of environment variables.
            draft.mode(0600);
            draft.text(toJson(plan));
        });
    }

    /** The plan in a file; empty where there is none that this version can read, so that it is recorded anew. */
    public Optional<Plan> read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (mapper.readTree(bytes).path("format").asInt() != FORMAT) {
                return Optional.empty();
            }
            return Optional.of(mapper.readValue(bytes, Document.class).plan());
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
