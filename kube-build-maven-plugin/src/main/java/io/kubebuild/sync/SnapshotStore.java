package io.kubebuild.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kubebuild.event.BuildListener;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.problem.KubeException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one snapshot in a file of JSON lines: a head {@code [format, started, id, entries]}, then one array per entry, {@code [path,
 * type, mode, size, mtime, ctime, inode, target, sha256]}.
 */
public final class SnapshotStore {

    private static final int FORMAT = 1;

    private final Path file;
    private final BuildListener listener;
    private final JsonFactory json = new JsonFactory();
    private @Nullable Held held;

    /** What the file said when it looked like this: several steps of one build ask for the same snapshot. */
    private record Held(FileStat file, SourceSnapshot snapshot) {}

    public SnapshotStore(Path file, BuildListener listener) {
        this.file = file;
        this.listener = listener;
    }

    /** The snapshot kept; empty where there is none. A damaged or foreign file counts as none, with a line that says so. */
    public synchronized Optional<SourceSnapshot> read() {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            FileStat now = FileStat.of(file);
            Held last = held;
            if (last == null || !last.file().equals(now)) {
                last = new Held(now, parse());
                held = last;
            }
            return Optional.of(last.snapshot());
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            listener.on(
                    new BuildListener.Fact("source snapshot", file + " is damaged and left aside: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private SourceSnapshot parse() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                JsonParser parser = json.createParser(in)) {
            return read(parser);
        }
    }

    /** Keeps a snapshot in place of the one before; does nothing where that vouches for the same files. */
    public synchronized void write(SourceSnapshot snapshot) {
        Held last = held;
        if (last != null
                && last.snapshot().vouchesForAll()
                && last.snapshot().entries().equals(snapshot.entries())
                && read().map(last.snapshot()::equals).orElse(false)) {
            return;
        }
        try {
            AtomicFile.write(file, draft -> {
                try (OutputStream out = new BufferedOutputStream(draft.stream(), 1 << 16);
                        JsonGenerator generator = json.createGenerator(out)) {
                    write(generator, snapshot);
                }
            });
            held = new Held(FileStat.of(file), snapshot);
        } catch (IOException e) {
            throw KubeException.build(
                    "cannot write " + file,
                    e.toString(),
                    "check that the output directory is writable and its disk not full",
                    e);
        }
    }

    private static void write(JsonGenerator out, SourceSnapshot snapshot) throws IOException {
        out.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("\n"));
        out.writeStartArray();
        out.writeNumber(FORMAT);
        out.writeString(snapshot.started().toString());
        out.writeString(snapshot.id());
        out.writeNumber(snapshot.entries().size());
        out.writeEndArray();
        for (SourceEntry entry : snapshot.entries().values()) {
            out.writeStartArray();
            out.writeString(entry.path());
            out.writeString(String.valueOf(entry.type().letter()));
            out.writeNumber(entry.stat().mode());
            out.writeNumber(entry.stat().size());
            out.writeNumber(entry.stat().mtime());
            out.writeNumber(entry.stat().ctime());
            out.writeNumber(entry.stat().inode());
            out.writeString(entry.target());
            out.writeString(entry.sha256());
            out.writeEndArray();
        }
    }

    private static SourceSnapshot read(JsonParser in) throws IOException {
        expect(in.nextToken() == JsonToken.START_ARRAY, "no head");
        expect(number(in) == FORMAT, "another format");
        Instant started = Instant.parse(text(in));
        String id = text(in);
        long count = number(in);
        expect(in.nextToken() == JsonToken.END_ARRAY, "a head of another shape");
        List<SourceEntry> entries = new ArrayList<>();
        while (in.nextToken() == JsonToken.START_ARRAY) {
            String path = text(in);
            SourceEntry.Type type = SourceEntry.Type.of(text(in).charAt(0));
            FileStat stat = new FileStat((int) number(in), number(in), number(in), number(in), number(in));
            entries.add(new SourceEntry(path, type, stat, text(in), text(in)));
            expect(in.nextToken() == JsonToken.END_ARRAY, "an entry of another shape");
        }
        SourceSnapshot snapshot = new SourceSnapshot(started, entries);
        expect(entries.size() == count && snapshot.id().equals(id), "entries are missing or changed");
        return snapshot;
    }

    private static long number(JsonParser in) throws IOException {
        expect(in.nextToken() == JsonToken.VALUE_NUMBER_INT, "a number is missing");
        return in.getLongValue();
    }

    private static String text(JsonParser in) throws IOException {
        expect(in.nextToken() == JsonToken.VALUE_STRING, "a text is missing");
        return in.getText();
    }

    private static void expect(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
