package io.kubebuild.io;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Tar streams for engines, workspaces and caches: names of any length and in any alphabet, users and groups of any number (directory
 * services give ids above 2097151, which is all that a plain header can say), files of any size and any date.
 */
public final class TarOutput {

    private TarOutput() {}

    /** Writes to a stream; what a plain header cannot say stands in PAX headers, names are UTF-8. */
    public static TarArchiveOutputStream to(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        return tar;
    }
}
