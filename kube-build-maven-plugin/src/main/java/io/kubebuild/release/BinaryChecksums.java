package io.kubebuild.release;

import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.FileModes;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts checksums of binaries where the recording of a release has words for them. Releases up to v1.6 name server images by the MD5
 * sum of the program in them, and write it beside the image (kube::release::create_docker_images_for_server, build/common.sh, later
 * build/lib/release.sh).
 */
final class BinaryChecksums {

    /** What {@code stage.sh} has for the sum of a binary: {@code kube-md5.linux.amd64.kube-proxy}. */
    private static final Pattern WORD =
            Pattern.compile("kube-md5\\.([a-z0-9]+)\\.([a-z0-9]+)\\.([A-Za-z0-9_.-]*[A-Za-z0-9])");

    private static final String TAG_FILE = ".docker_tag";

    private final Function<Placeholder.Binary, Path> files;
    private final Map<Placeholder.Binary, String> sums = new HashMap<>();

    /** @param files where a binary lies */
    BinaryChecksums(Function<Placeholder.Binary, Path> files) {
        this.files = files;
    }

    /** The same recording without such words, in its files too. All binaries are there. */
    Staging filledIn(Staging staging) throws IOException {
        TreeMap<String, Staging.PlacedPlaceholder> placeholders = new TreeMap<>();
        for (Map.Entry<String, Staging.PlacedPlaceholder> entry :
                staging.placeholders().entrySet()) {
            Staging.PlacedPlaceholder placed = entry.getValue();
            placeholders.put(
                    entry.getKey(), new Staging.PlacedPlaceholder(filledIn(placed.placeholder()), placed.mode()));
        }
        List<ImageBuildRecord> builds = new ArrayList<>();
        for (ImageBuildRecord build : staging.builds()) {
            builds.add(build.withTags(filledIn(build.tags())));
        }
        fillInFiles(staging.directory(), "release-stage");
        return new Staging(staging.directory(), placeholders, staging.tarballs(), builds);
    }

    private Placeholder filledIn(Placeholder placeholder) throws IOException {
        if (!(placeholder instanceof Placeholder.Image image)) {
            return placeholder;
        }
        List<Placeholder.ImageName> names = new ArrayList<>();
        for (Placeholder.ImageName name : image.names()) {
            names.add(new Placeholder.ImageName(filledIn(name.reference()), name.build()));
        }
        return new Placeholder.Image(names);
    }

    private List<String> filledIn(List<String> texts) throws IOException {
        List<String> filled = new ArrayList<>();
        for (String text : texts) {
            filled.add(filledIn(text));
        }
        return filled;
    }

    private void fillInFiles(Path recording, String part) throws IOException {
        ConfinedDirectory files = new ConfinedDirectory(recording);
        Path stage = files.resolve(part);
        if (!Files.isDirectory(stage, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(stage)) {
            for (Path file : walk.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
                    .filter(one -> one.toString().endsWith(TAG_FILE))
                    .toList()) {
                String text = Files.readString(file);
                String filled = filledIn(text);
                if (!filled.equals(text)) {
                    int mode = FileModes.get(file);
                    AtomicFile.write(file, draft -> {
                        draft.text(filled);
                        draft.mode(mode);
                    });
                }
            }
        }
    }

    private String filledIn(String text) throws IOException {
        Matcher word = WORD.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (word.find()) {
            Placeholder.Binary binary =
                    new Placeholder.Binary(new Platform(word.group(1), word.group(2)), word.group(3));
            word.appendReplacement(filled, sum(binary));
        }
        return word.appendTail(filled).toString();
    }

    private String sum(Placeholder.Binary binary) throws IOException {
        String known = sums.get(binary);
        if (known == null) {
            known = md5(files.apply(binary));
            sums.put(binary, known);
        }
        return known;
    }

    private static String md5(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("MD5"));
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
