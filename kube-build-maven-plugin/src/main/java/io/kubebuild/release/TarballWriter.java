package io.kubebuild.release;

import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.RawName;
import io.kubebuild.release.gzip.Chunk;
import io.kubebuild.release.gzip.ChunkedGzipOutputStream;
import io.kubebuild.release.gzip.CompressedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes {@code tar.gz} files whose bytes depend on nothing but their entries: times are all the same, owners are those given,
 * and gzip's header is empty.
 */
public final class TarballWriter {

    private final ExecutorService executor;
    private final int parallelism;
    private final int level;
    private final long epochSeconds;
    private final CompressedFiles compressed;
    private final Map<String, List<Chunk>> written = new TreeMap<>();

    /**
     * A writer.
     *
     * @param executor runs the compression; shared, and not shut down here
     * @param parallelism how many threads of it one tarball may use
     * @param level of compression, 1 to 9
     * @param epochSeconds time of every entry, in seconds since 1970
     * @param compressed what need not be compressed again; takes what is written
     */
    public TarballWriter(
            ExecutorService executor, int parallelism, int level, long epochSeconds, CompressedFiles compressed) {
        this.executor = executor;
        this.parallelism = parallelism;
        this.level = level;
        this.epochSeconds = epochSeconds;
        this.compressed = compressed;
    }

    /** What a tarball depends on besides its entries. */
    String format() {
        return "times " + epochSeconds + " level " + level;
    }

    /** The chunks of every tarball that was written, by its file's name. */
    public Map<String, List<Chunk>> written() {
        return Map.copyOf(written);
    }

    /** Owner of an entry, as its tar header has it. */
    public record Owner(int uid, int gid, String user, String group) {
        /** What GNU tar writes for {@code --owner=0 --group=0}: the ids, and the names that belong to them. */
        public static final Owner ROOT = new Owner(0, 0, "root", "root");
    }

    /** An entry with its owner; {@code content} is read where the entry is a file. */
    public record Member(TarballEntry entry, Path content, Owner owner) {}

    /** Writes a stage's tarball: paths relative to a directory, everything owned by root. */
    public void write(Path target, List<TarballEntry> entries, Path directory) throws IOException {
        ConfinedDirectory stage = new ConfinedDirectory(directory);
        write(target, tar -> {
            for (TarballEntry entry : entries) {
                Path content = entry.type() == TarballEntry.Type.FILE
                        ? stage.resolve(entry.path())
                        : RawName.resolve(directory, entry.path());
                tar.add(new Member(entry, content, Owner.ROOT));
            }
        });
    }

    /** Writes a tarball beside its target, then renames it. */
    public void write(Path target, Content content) throws IOException {
        compress(target, out -> {
            TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
            content.writeTo(member -> add(tar, member));
            tar.finish();
        });
    }

    /** Compresses a tar stream that somebody else writes, beside the target, which is then renamed. */
    public void compress(Path target, Stream stream) throws IOException {
        AtomicFile.write(target, draft -> {
            List<Chunk> chunks = new ArrayList<>();
            try (OutputStream file = draft.stream()) {
                Consumer<Chunk> places = compressed.open(draft.path());
                try (OutputStream gzip = new ChunkedGzipOutputStream(
                        file, executor, parallelism, level, compressed, places.andThen(chunks::add))) {
                    stream.writeTo(gzip);
                }
            }
            written.put(String.valueOf(target.getFileName()), List.copyOf(chunks));
        });
    }

    private void add(TarArchiveOutputStream tar, Member member) throws IOException {
        TarballEntry entry = member.entry();
        String name = entry.type() == TarballEntry.Type.DIRECTORY ? entry.path() + "/" : entry.path();
        byte[] extended = PaxRecords.of(name, entry.link());
        if (extended.length > 0) {
            TarArchiveEntry pax =
                    header("PaxHeaders/" + last(name), TarConstants.LF_PAX_EXTENDED_HEADER_LC, 0644, member.owner());
            pax.setSize(extended.length);
            tar.putArchiveEntry(pax);
            tar.write(extended);
            tar.closeArchiveEntry();
        }
        TarArchiveEntry header = header(name, typeFlag(entry.type()), entry.mode(), member.owner());
        header.setLinkName(PaxRecords.shortened(entry.link()));
        header.setName(PaxRecords.shortened(name));
        if (entry.type() == TarballEntry.Type.FILE) {
            addFile(tar, header, member.content());
            return;
        }
        tar.putArchiveEntry(header);
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry header(String name, byte type, int mode, Owner owner) {
        TarArchiveEntry header = new TarArchiveEntry(name, type, true);
        header.setMode(mode);
        header.setIds(owner.uid(), owner.gid());
        header.setNames(owner.user(), owner.group());
        header.setLastModifiedTime(java.nio.file.attribute.FileTime.fromMillis(epochSeconds * 1000));
        return header;
    }

    /** What is listed as a file is read as one: through a link something of the host's would come in. */
    private static void addFile(TarArchiveOutputStream tar, TarArchiveEntry header, Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not the regular file that was listed");
        }
        header.setSize(Files.size(file));
        tar.putArchiveEntry(header);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            in.transferTo(tar);
        }
        tar.closeArchiveEntry();
    }

    private static byte typeFlag(TarballEntry.Type type) {
        return switch (type) {
            case DIRECTORY -> TarConstants.LF_DIR;
            case FILE -> TarConstants.LF_NORMAL;
            case SYMBOLIC_LINK -> TarConstants.LF_SYMLINK;
            case HARD_LINK -> TarConstants.LF_LINK;
        };
    }

    private static String last(String name) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        return PaxRecords.shortened(path.substring(path.lastIndexOf('/') + 1), 80);
    }

    /** Adds the members of a tarball. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Sink tar) throws IOException;
    }

    /** Takes members one by one. */
    @FunctionalInterface
    public interface Sink {
        void add(Member member) throws IOException;
    }

    /** Writes an uncompressed stream. */
    @FunctionalInterface
    public interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Extended headers for what does not fit into a plain one. Written here because the library's carry the name of the user
     * who runs the build.
     */
    private static final class PaxRecords {

        /** Length of the name fields of a plain header, in bytes. */
        private static final int FIELD = 100;

        static byte[] of(String name, String link) {
            StringBuilder records = new StringBuilder();
            append(records, "path", name);
            append(records, "linkpath", link);
            return records.toString().getBytes(StandardCharsets.UTF_8);
        }

        private static void append(StringBuilder records, String key, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length <= FIELD && bytes.length == value.length()) {
                return;
            }
            // "<length> key=value\n", where the length counts its own digits.
            int rest = 1 + key.length() + 1 + bytes.length + 1;
            int length = rest + Integer.toString(rest).length();
            if (rest + Integer.toString(length).length() != length) {
                length++;
            }
            records.append(length)
                    .append(' ')
                    .append(key)
                    .append('=')
                    .append(value)
                    .append('\n');
        }

        static String shortened(String text) {
            return shortened(text, FIELD);
        }

        static String shortened(String text, int limit) {
            String result = text;
            // Cut off after a slash, a file's name would be one of a directory.
            while (result.getBytes(StandardCharsets.UTF_8).length > limit
                    || (result.length() < text.length() && result.endsWith("/"))) {
                result = result.substring(0, result.length() - 1);
            }
            return result;
        }
    }
}
