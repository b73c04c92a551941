package io.kubebuild.io;

import io.kubebuild.problem.Shown;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a tar archive that others made, within limits: headers, names, entries and sizes. Whatever is wrong with it ends in an
 * {@link IOException} that says so, never in an error of the JVM. It is the only reader of tar streams in the plugin.
 *
 * <p>As a stream it gives the content of the current entry.
 */
public final class ForeignTar extends InputStream {

    /** Of one entry with all its extended headers: paths have 4 KiB, and attributes of files 64 KiB. */
    private static final long MOST_HEADER_BYTES = 1 << 18;

    private static final int LONGEST_NAME = 4096;

    /** Whoever makes directories looks at each of those above, so the work grows with the square. Module caches have 20. */
    private static final int MOST_DIRECTORIES = 256;

    /** Of all names together, because readers remember them: two million files have about 100 MiB. */
    private static final long MOST_NAME_CHARACTERS = 1 << 28;

    private final Budget source;
    private final TarArchiveInputStream tar;
    private final ArchiveLimits limits;
    private int entries;
    private long total;
    private long names;
    private boolean end;

    /** @param stream uncompressed; closed together with this */
    public ForeignTar(InputStream stream, ArchiveLimits limits) {
        this.source = new Budget(stream, limits.what());
        // Names of others are UTF-8 or not understood, whatever locale the JVM was started in.
        this.tar = new TarArchiveInputStream(source, "UTF-8");
        this.limits = limits;
    }

    /** The next entry, whose name has no NUL, no more than 4,096 characters and 256 directories; what is left of the one before is skipped. */
    public Optional<TarArchiveEntry> next() throws IOException {
        if (end) {
            return Optional.empty();
        }
        TarArchiveEntry entry = guarded(() -> {
            skipRest();
            source.allow(MOST_HEADER_BYTES);
            return tar.getNextEntry();
        });
        source.allowAll();
        if (entry == null) {
            end = true;
            return Optional.empty();
        }
        check(entry);
        return Optional.of(entry);
    }

    /** Reads all headers that are left, for those who will read the archive in another way; throws where one is not taken. */
    public void readHeaders() throws IOException {
        Optional<TarArchiveEntry> entry = next();
        while (entry.isPresent()) {
            entry = next();
        }
    }

    private void skipRest() throws IOException {
        if (entries > 0) {
            tar.skip(Long.MAX_VALUE);
        }
    }

    private void check(TarArchiveEntry entry) throws IOException {
        if (++entries > limits.entries()) {
            throw refused("it has more than " + limits.entries() + " entries");
        }
        if (entry.getSize() < 0 || entry.getSize() > limits.entryBytes()) {
            throw refused(
                    "an entry has " + entry.getSize() + " bytes, and at most " + limits.entryBytes() + " are taken");
        }
        total += entry.getRealSize() < 0 ? entry.getSize() : Math.max(entry.getSize(), entry.getRealSize());
        if (total > limits.totalBytes()) {
            throw refused("it holds more than " + limits.totalBytes() + " bytes");
        }
        if (entry.isSparse()) {
            throw refused("it has a sparse file, " + shown(entry.getName()));
        }
        checkName(entry.getName());
        checkName(entry.getLinkName());
        names += entry.getName().length() + entry.getLinkName().length();
        if (names > MOST_NAME_CHARACTERS) {
            throw refused("its names have more than " + MOST_NAME_CHARACTERS + " characters");
        }
    }

    private void checkName(String name) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw refused("a name in it has a NUL: " + shown(name));
        }
        if (name.length() > LONGEST_NAME) {
            throw refused(
                    "a name in it has " + name.length() + " characters, and at most " + LONGEST_NAME + " are taken");
        }
        long directories = name.chars().filter(c -> c == '/').count();
        if (directories > MOST_DIRECTORIES) {
            throw refused("a name in it lies " + directories + " directories deep, and at most " + MOST_DIRECTORIES
                    + " are taken");
        }
    }

    private static String shown(String name) {
        return "'" + Shown.name(name) + "'";
    }

    private IOException refused(String why) {
        return new IOException(limits.what() + " is not taken: " + why);
    }

    /** The whole of the current entry; throws where it is larger than the reader's memory has to bear. */
    public byte[] content(int most) throws IOException {
        byte[] content = readNBytes(most);
        if (read() >= 0) {
            throw refused("a file in it that is kept in memory has more than " + most + " bytes");
        }
        return content;
    }

    @Override
    public int read() throws IOException {
        return guarded(tar::read);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return guarded(() -> tar.read(buffer, offset, length));
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    @FunctionalInterface
    private interface Read<T> {
        T from() throws IOException;
    }

    /** What a damaged archive makes the library throw is no mistake of ours. */
    private <T> T guarded(Read<T> read) throws IOException {
        try {
            return read.from();
        } catch (RuntimeException | StackOverflowError e) {
            throw new IOException(limits.what() + " is damaged: " + e, e);
        }
    }

    /** Ends a header that would fill the memory before it is read. */
    private static final class Budget extends FilterInputStream {

        private final String what;
        private long left = Long.MAX_VALUE;

        Budget(InputStream in, String what) {
            super(in);
            this.what = what;
        }

        void allow(long bytes) {
            left = bytes;
        }

        void allowAll() {
            left = Long.MAX_VALUE;
        }

        private int spend(int read) throws IOException {
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException(
                        what + " is not taken: a header in it has more than " + MOST_HEADER_BYTES + " bytes");
            }
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            spend(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return spend(super.read(buffer, offset, length));
        }
    }
}
