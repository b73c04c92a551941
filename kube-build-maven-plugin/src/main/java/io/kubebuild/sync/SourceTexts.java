package io.kubebuild.sync;

import io.kubebuild.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/** The contents of a snapshot's files, as long as the tree still has them. */
public final class SourceTexts {

    private final Path tree;
    private final SourceSnapshot snapshot;

    public SourceTexts(Path tree, SourceSnapshot snapshot) {
        this.tree = tree;
        this.snapshot = snapshot;
    }

    /** A file's text, one char for each byte; empty where it is no file of the snapshot, or was written to since. */
    public Optional<String> read(String path) {
        SourceEntry entry = snapshot.entries().get(path);
        if (entry == null || entry.type() != SourceEntry.Type.FILE) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(tree.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readAllBytes();
            boolean same =
                    HexFormat.of().formatHex(Sha256.digest().digest(bytes)).equals(entry.sha256());
            return same ? Optional.of(new String(bytes, StandardCharsets.ISO_8859_1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
