package io.kubebuild.image.build;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.ImageReference;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The context of the build image, staged as the trees of era B do it (build/common.sh, kube::build::build_image): Dockerfile,
 * localtime, rsyncd.sh and rsyncd.password. Of trees that bake their sources into the image there is the Dockerfile alone, without
 * the sources (see {@link BakedDockerfile}).
 *
 * @param directory {@code _output/images/kube-build:<tag>}
 * @param arguments build arguments that the staged Dockerfile declares
 * @param contents file name to SHA-256, the password included: an image with another password than the staged one would
 *     shut out upstream's copy-output.sh
 */
public record BuildImageContext(Path directory, Map<String, String> arguments, Map<String, String> contents) {

    /** Up to v1.20 sed puts the tag in its place; later it is the name of a build argument. */
    private static final String TAG_PLACEHOLDER = "KUBE_BUILD_IMAGE_CROSS_TAG";

    private static final Pattern FROM = Pattern.compile("(?mi)^[ \\t]*FROM[ \\t]+(?:--platform=\\S+[ \\t]+)?(\\S+)");
    private static final String PASSWORD_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int PASSWORD_LENGTH = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** The smallest time zone file there is, for machines without /etc/localtime, which then mean UTC. */
    private static final byte[] UTC = HexFormat.of()
            .parseHex("545a6966" + "00".repeat(16) + "00".repeat(16) + "00000001" + "00000004" + "000000000000"
                    + "55544300");

    public BuildImageContext {
        arguments = Map.copyOf(arguments);
        contents = Map.copyOf(contents);
    }

    /**
     * What the context is made of.
     *
     * @param buildImageDirectory the tree's {@code build/build-image} (v1.5.0 and v1.5.1: {@code build-tools/build-image})
     * @param crossImage the cross image, as the tree names it
     * @param localtime {@code /etc/localtime}
     */
    public record Source(Path buildImageDirectory, ImageReference crossImage, Path localtime) {}

    /**
     * Stages the context. A password that is there is kept, because upstream's copy-output.sh reads it and the image has it
     * baked in.
     *
     * @param random where a new password comes from; a secure one
     */
    public static BuildImageContext stage(Source source, Path directory, RandomGenerator random) {
        Path dockerfile = source.buildImageDirectory().resolve("Dockerfile");
        ConfinedDirectory given = new ConfinedDirectory(source.buildImageDirectory());
        Path rsyncd = given.path().resolve("rsyncd.sh");
        require(dockerfile, "trees to v1.34 build their build image from it");
        try {
            // Through a link, a file of the host would come into the image.
            String text = given.text("Dockerfile");
            if (BakedDockerfile.addsSources(text)) {
                OwnFiles.makeDirectories(directory);
                String own = BakedDockerfile.withoutSources(text);
                write(directory.resolve("Dockerfile"), filledIn(own, Map.of(), source.crossImage()), "rw-r--r--");
                return new BuildImageContext(directory, Map.of(), hashes(directory, Set.of("Dockerfile")));
            }
            require(rsyncd, "trees from v1.5 to v1.34 build their build image from it");
            OwnFiles.makeDirectories(directory);
            Map<String, String> arguments = arguments(text, source.crossImage());
            write(directory.resolve("Dockerfile"), filledIn(text, arguments, source.crossImage()), "rw-r--r--");
            write(
                    directory.resolve("rsyncd.sh"),
                    given.text("rsyncd.sh").getBytes(StandardCharsets.UTF_8),
                    "rwxr-xr-x");
            write(directory.resolve("localtime"), localtime(source.localtime()), "rw-r--r--");
            keepPassword(directory.resolve("rsyncd.password"), random);
            return new BuildImageContext(directory, arguments, hashes(directory, Set.of()));
        } catch (IOException e) {
            throw KubeException.build(
                    "cannot stage the build image's context in " + directory,
                    String.valueOf(e.getMessage()),
                    "make the directory writable, or name another with -Dkube.outputDirectory",
                    e);
        }
    }

    private static void require(Path file, String why) {
        if (!Files.isRegularFile(file)) {
            throw KubeException.user(
                    "the tree has no " + file, why, "check that kube.root is a complete Kubernetes tree");
        }
    }

    /** The inputs of the image but for the cross image's id. */
    public void describe(Fingerprint.Builder fingerprint) {
        contents.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> fingerprint.add(entry.getKey(), entry.getValue()));
        arguments.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> fingerprint.add("argument " + entry.getKey(), entry.getValue()));
    }

    private static Map<String, String> arguments(String dockerfile, ImageReference cross) {
        String name = cross.name();
        Map<String, String> known = Map.of(
                TAG_PLACEHOLDER,
                cross.tagOrDigest(),
                "KUBE_BASE_IMAGE_REGISTRY",
                name.substring(0, name.lastIndexOf('/')),
                "KUBE_CROSS_IMAGE",
                name,
                "KUBE_CROSS_VERSION",
                cross.tagOrDigest());
        Map<String, String> arguments = new LinkedHashMap<>();
        Matcher matcher = Pattern.compile("(?im)^\\s*ARG\\s+([A-Za-z_0-9]+)").matcher(dockerfile);
        while (matcher.find()) {
            Optional.ofNullable(known.get(matcher.group(1))).ifPresent(value -> arguments.put(matcher.group(1), value));
        }
        return arguments;
    }

    private static byte[] filledIn(String dockerfile, Map<String, String> arguments, ImageReference cross) {
        String text = arguments.containsKey(TAG_PLACEHOLDER)
                ? dockerfile
                : dockerfile.replace(TAG_PLACEHOLDER, cross.tagOrDigest());
        return basedOn(cross, text, arguments).getBytes(StandardCharsets.UTF_8);
    }

    /** With the cross image in the FROM line, should what the tree has there not come to it: it lets a part be chosen, or nothing. */
    private static String basedOn(ImageReference cross, String dockerfile, Map<String, String> arguments) {
        Matcher from = FROM.matcher(dockerfile);
        if (!from.find()) {
            return dockerfile;
        }
        String base = from.group(1);
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            base = base.replace("${" + argument.getKey() + "}", argument.getValue());
        }
        boolean same = ImageReference.parse(base).equals(Optional.of(cross));
        return same ? dockerfile : dockerfile.substring(0, from.start(1)) + cross + dockerfile.substring(from.end(1));
    }

    private static byte[] localtime(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : UTC.clone();
    }

    private static void keepPassword(Path file, RandomGenerator random) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == PASSWORD_LENGTH) {
            OwnFiles.mode(file, OWNER_ONLY);
            return;
        }
        StringBuilder password = new StringBuilder();
        random.ints(PASSWORD_LENGTH, 0, PASSWORD_LETTERS.length())
                .forEach(index -> password.append(PASSWORD_LETTERS.charAt(index)));
        write(file, password.toString().getBytes(StandardCharsets.US_ASCII), "rw-------");
    }

    /** Whole or not at all, and never readable by others while it is written. */
    private static void write(Path file, byte[] content, String mode) throws IOException {
        AtomicFile.write(file, draft -> {
            draft.mode(0600);
            draft.bytes(content);
            OwnFiles.mode(draft.path(), mode);
        });
    }

    /** @param only the files that count; all where none is named: the scripts of old trees leave archives of the sources there */
    private static Map<String, String> hashes(Path directory, Set<String> only) throws IOException {
        Map<String, String> hashes = new LinkedHashMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
                    .filter(one ->
                            only.isEmpty() || only.contains(one.getFileName().toString()))
                    .sorted()
                    .toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                hashes.put(file.getFileName().toString(), Fingerprint.sha256(content));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return hashes;
    }
}
