package io.kubebuild.io;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/**
 * Compression by zstd. Its library is native: it is unpacked from its jar into the temporary directory and loaded from there, which does not
 * work where no program may be run in that directory.
 */
public final class Zstd {

    /** A property of the library itself, read when it is loaded. */
    private static final String DIRECTORY = "ZstdTempFolder";

    private Zstd() {}

    /**
     * Loads the library, unless it is loaded already.
     *
     * @throws NativeLibraryException where that is not possible
     */
    public static void require() throws NativeLibraryException {
        try {
            Native.load();
        } catch (LinkageError e) {
            throw new NativeLibraryException(
                    "zstd cannot be used on this machine",
                    "its native library, unpacked to " + directory() + ", cannot be loaded (" + firstLine(e)
                            + "); directories that are mounted noexec do not allow that",
                    "name a directory in which programs may be run: MAVEN_OPTS=-D" + DIRECTORY
                            + "=DIRECTORY, or MAVEN_OPTS=-Djava.io.tmpdir=DIRECTORY",
                    e);
        }
    }

    private static String directory() {
        return System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir", "the temporary directory"));
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    /** Undoes it. */
    public static InputStream reading(InputStream in) throws IOException {
        require();
        return new ZstdCompressorInputStream(in);
    }

    /**
     * Compresses, with a checksum at the end.
     *
     * @param threads that do it
     */
    public static OutputStream writing(OutputStream out, int level, int threads) throws IOException {
        require();
        return ZstdCompressorOutputStream.builder()
                .setOutputStream(out)
                .setLevel(level)
                .setWorkers(threads)
                .setChecksum(true)
                .get();
    }

    /** A native library that the plugin brings along cannot be loaded on this machine; the message says why, and what helps. */
    public static final class NativeLibraryException extends IOException {

        private static final long serialVersionUID = 1;

        private final String why;
        private final String fix;

        NativeLibraryException(String what, String why, String fix, Throwable cause) {
            super(what + ": " + why + "; " + fix, cause);
            this.why = why;
            this.fix = fix;
        }

        /** What the system said. */
        public String why() {
            return why;
        }

        /** What the user can do. */
        public String fix() {
            return fix;
        }
    }
}
