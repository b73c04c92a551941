package io.kubebuild.image.base;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.Packing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** What a file would be to {@code docker load}. */
public enum ArchiveForm {
    /** As {@code docker save} writes it: every engine takes it. */
    DOCKER,
    /** An OCI layout and nothing else: engines before Docker 25 do not take it. */
    OCI,
    /** A tar file of something else. */
    OTHER_TAR,
    /** No tar file. */
    NONE;

    /**
     * Looks at the names in a file.
     *
     * @throws IOException where it cannot be read, or is damaged
     */
    public static ArchiveForm of(Path file) throws IOException {
        if (!Packing.of(file).isArchive()) {
            return NONE;
        }
        ArchiveForm form = OTHER_TAR;
        try (ForeignTar tar = new ForeignTar(
                Packing.unpacked(Files.newInputStream(file), ArchiveLimits.IMAGE), ArchiveLimits.IMAGE)) {
            for (Optional<TarArchiveEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                String name = entry.get().getName().replaceFirst("^\\./", "");
                if (name.equals(ImageArchive.MANIFEST)) {
                    return DOCKER;
                }
                if (name.equals(ImageArchive.INDEX)) {
                    form = OCI;
                }
            }
        }
        return form;
    }
}
