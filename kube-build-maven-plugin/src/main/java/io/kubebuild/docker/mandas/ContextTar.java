package io.kubebuild.docker.mandas;

import io.kubebuild.docker.Engine;
import io.kubebuild.io.TarOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The context of an image build, written as it is read: the library would gzip all of it into a temporary file first, follow
 * links, and apply a .dockerignore that the caller did not write.
 *
 * @param directory the context; its files are sent sorted, owned by 0:0, with the modes that they have
 */
record ContextTar(Path directory) implements Engine.TarWriter {

    @Override
    public void write(OutputStream out) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(path -> !path.equals(directory)).sorted().toList();
        }
        try (TarArchiveOutputStream tar = TarOutput.to(out)) {
            for (Path file : files) {
                add(tar, file);
            }
        }
    }

    private void add(TarArchiveOutputStream tar, Path file) throws IOException {
        String name = directory.relativize(file).toString();
        TarArchiveEntry entry;
        if (Files.isSymbolicLink(file)) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(file).toString());
            entry.setMode(0777);
        } else if (Files.isDirectory(file)) {
            entry = new TarArchiveEntry(name + "/");
            entry.setMode(mode(file));
        } else {
            entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(file));
            entry.setMode(mode(file));
        }
        entry.setIds(0, 0);
        entry.setModTime(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
        tar.putArchiveEntry(entry);
        if (entry.isFile() && !entry.isSymbolicLink()) {
            Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode") & 07777;
    }
}
