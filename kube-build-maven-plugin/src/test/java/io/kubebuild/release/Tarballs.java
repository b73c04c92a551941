package io.kubebuild.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads tarballs back. */
final class Tarballs {

    private Tarballs() {}

    /** Path to a line about the entry, in the tarball's order: {@code f 755 0:0 root:root content}. */
    static Map<String, String> describe(Path tarball) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(tarball)), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String content = entry.isFile() ? new String(tar.readAllBytes(), StandardCharsets.UTF_8) : "";
                String type = entry.isDirectory()
                        ? "d"
                        : entry.isSymbolicLink() ? "l" : entry.isLink() ? "h" : entry.isFile() ? "f" : "?";
                entries.put(
                        entry.getName(),
                        String.join(
                                        " ",
                                        type,
                                        Integer.toOctalString(entry.getMode() & 07777),
                                        entry.getLongUserId() + ":" + entry.getLongGroupId(),
                                        entry.getUserName() + ":" + entry.getGroupName(),
                                        entry.isSymbolicLink() || entry.isLink()
                                                ? entry.getLinkName()
                                                : content.strip())
                                .strip());
            }
        }
        return entries;
    }
}
