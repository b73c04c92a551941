package io.kubebuild.cache;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.CountingStream;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.UnpackedStream;
import io.kubebuild.io.Zstd;
import io.kubebuild.io.Zstd.NativeLibraryException;
import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Reads an archive as one stream and believes nothing in it: what is not right ends in an {@link UnusableCacheException}. */
final class CacheReader implements AutoCloseable {

    /** Two are written. */
    private static final int MOST_RECORDS = 16;

    /** What the records need not stand back for: the largest lists the generated sources. */
    private static final long MOST_RECORD_BYTES = 64L << 20;

    private static final int LONGEST_TEXT = 1 << 16;

    private final InputStream unpacked;
    private final ForeignTar tar;
    private final CacheHeader header;
    private final CacheDigest digest;

    /** Reads the header, whoever it is for. */
    CacheReader(InputStream file) throws IOException {
        CountingStream packed = new CountingStream(file);
        this.unpacked = reading(() -> new UnpackedStream(Zstd.reading(packed), packed::count, ArchiveLimits.CACHE));
        this.tar = new ForeignTar(unpacked, ArchiveLimits.CACHE);
        byte[] bytes = text(next(), CacheWriter.HEADER);
        this.header = CacheHeader.parse(bytes);
        this.digest = new CacheDigest(bytes);
    }

    CacheHeader header() {
        return header;
    }

    /**
     * Hands out every file once, in the order of the archive. Only when this returns, the archive was whole; until then nothing of
     * it may be used.
     */
    Contents files(CacheFile.Sink sink) throws IOException {
        Contents contents = Contents.NOTHING;
        Set<String> seen = new HashSet<>();
        int records = 0;
        for (Optional<TarArchiveEntry> next = next(); next.isPresent(); next = next()) {
            TarArchiveEntry entry = next.get();
            if (entry.getName().equals(CacheWriter.DIGEST)) {
                end(entry);
                return contents;
            }
            CacheFile file = file(entry);
            if (!seen.add(file.entry())) {
                throw new UnusableCacheException(Shown.name(file.entry()) + " is in it twice");
            }
            byte[] hash = file.pass(new Reading(tar), sink);
            digest.add(file, hash);
            contents = contents.with(file.part(), file.size());
            if (file.part() == CachePart.RECORDS && ++records > MOST_RECORDS) {
                throw new UnusableCacheException("it holds more than " + MOST_RECORDS + " records");
            }
        }
        throw new UnusableCacheException("it is cut short");
    }

    private void end(TarArchiveEntry entry) throws IOException {
        byte[] written = text(Optional.of(entry), CacheWriter.DIGEST);
        if (!Arrays.equals(written, digest.end())) {
            throw new UnusableCacheException("its content is not what its hash says");
        }
        if (next().isPresent()) {
            throw new UnusableCacheException("there is something after its end");
        }
        // What the tar does not need, the compressor's own hash among it, is whole only if it can be read.
        reading(() -> unpacked.transferTo(OutputStream.nullOutputStream()));
    }

    private static CacheFile file(TarArchiveEntry entry) throws UnusableCacheException {
        CachePart part =
                CachePart.of(entry.getName()).filter(any -> isPlain(entry)).orElse(null);
        if (part == null) {
            throw new UnusableCacheException(
                    "it holds '" + Shown.name(entry.getName()) + "', which is no part of a cache");
        }
        if (part == CachePart.RECORDS && entry.getSize() > MOST_RECORD_BYTES) {
            throw new UnusableCacheException("the record " + entry.getName() + " has " + entry.getSize() + " bytes");
        }
        return new CacheFile(
                part,
                part.path(entry.getName()),
                CacheFile.plainMode(entry.getMode()),
                entry.getLastModifiedTime().toMillis() / 1000,
                entry.getSize());
    }

    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL && !entry.isDirectory() && entry.getSize() >= 0;
    }

    private Optional<TarArchiveEntry> next() throws UnusableCacheException {
        return reading(tar::next);
    }

    private byte[] text(Optional<TarArchiveEntry> entry, String name) throws UnusableCacheException {
        if (entry.filter(found -> found.getName().equals(name) && isPlain(found) && found.getSize() <= LONGEST_TEXT)
                .isEmpty()) {
            throw new UnusableCacheException("it is no cache of this plugin");
        }
        return reading(tar::readAllBytes);
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** Reads from the archive. */
    @FunctionalInterface
    private interface Read<T> {
        T from() throws IOException;
    }

    /** What a damaged archive makes the libraries throw is no mistake of ours. */
    private static <T> T reading(Read<T> read) throws UnusableCacheException {
        try {
            return read.from();
        } catch (UnusableCacheException e) {
            throw e;
        } catch (NativeLibraryException e) {
            throw new UnusableCacheException(String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            throw new UnusableCacheException("it is damaged: " + e.getMessage(), e);
        }
    }

    /** The content of an entry, with what goes wrong told apart from what goes wrong where it is taken to. */
    private static final class Reading extends InputStream {

        private final InputStream in;

        Reading(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return reading(in::read);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return reading(() -> in.read(buffer, offset, length));
        }
    }
}
