package io.kubebuild.cache;

import io.kubebuild.io.TarOutput;
import io.kubebuild.io.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes an archive as one stream: the header, the files, and as the last entry the hash over all of it, so that an archive that
 * was cut short has none.
 */
final class CacheWriter implements AutoCloseable {

    static final String HEADER = "kube-build-cache.json";
    static final String DIGEST = "kube-build-cache.sha256";

    /** Higher ones take longer than what they save takes to transfer. */
    private static final int LEVEL = 3;

    private final TarArchiveOutputStream tar;
    private final CacheDigest digest;
    private Contents contents = Contents.NOTHING;

    /** @param threads that compress */
    CacheWriter(OutputStream out, CacheHeader header, int threads) throws IOException {
        this.tar = TarOutput.to(Zstd.writing(out, LEVEL, threads));
        this.digest = new CacheDigest(header.bytes());
        write(HEADER, header.bytes());
    }

    /** Adds a file; throws where its content is not what its name says. */
    void add(CacheFile file, InputStream content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(file.entry());
        entry.setMode(file.mode());
        entry.setModTime(file.mtime() * 1000);
        entry.setSize(file.size());
        tar.putArchiveEntry(entry);
        byte[] hash = file.pass(content, (ignored, in) -> in.transferTo(tar));
        tar.closeArchiveEntry();
        digest.add(file, hash);
        contents = contents.with(file.part(), file.size());
    }

    /** Ends the archive and says what is in it. */
    Contents finish() throws IOException {
        write(DIGEST, digest.end());
        tar.finish();
        return contents;
    }

    private void write(String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
