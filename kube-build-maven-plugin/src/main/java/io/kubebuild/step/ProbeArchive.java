package io.kubebuild.step;

import io.kubebuild.io.TarOutput;
import io.kubebuild.tree.DescriptionProbe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * What a tree needs to describe itself, as an archive.
 *
 * @param probe the files
 * @param script name of the script in the archive
 * @param prefix begins the names of the tree's files; ends with a slash
 */
record ProbeArchive(DescriptionProbe probe, String script, String prefix) {

    void write(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = TarOutput.to(out);
        file(tar, script, 0755, probe.script().getBytes(StandardCharsets.UTF_8));
        for (String name : probe.files()) {
            Path file = probe.tree().resolve(name);
            if (Files.isSymbolicLink(file)) {
                TarArchiveEntry link = new TarArchiveEntry(prefix + name, TarConstants.LF_SYMLINK);
                link.setLinkName(Files.readSymbolicLink(file).toString());
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            } else {
                file(tar, prefix + name, Files.isExecutable(file) ? 0755 : 0644, Files.readAllBytes(file));
            }
        }
        tar.finish();
        tar.flush();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
