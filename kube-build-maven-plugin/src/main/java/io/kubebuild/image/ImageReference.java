package io.kubebuild.image;

import io.kubebuild.problem.KubeException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image, in full: {@code registry/repository[:tag][@digest]}.
 *
 * <p>Short names are completed as the docker command completes them: {@code debian} is {@code
 * docker.io/library/debian:latest}.
 *
 * @param registry host and optional port; {@code docker.io} for short names
 * @param repository path inside the registry, lower case
 * @param tag empty only where a digest is given
 * @param digest {@code sha256:…}
 */
public record ImageReference(String registry, String repository, Optional<String> tag, Optional<String> digest) {

    /** Docker's own registry, which short names mean. */
    public static final String DOCKER_HUB = "docker.io";

    private static final Pattern HOST = Pattern.compile("(?:LABEL(?:\\.LABEL)*|\\[[0-9a-fA-F:]+])(?::([0-9]{1,5}))?"
            .replace("LABEL", "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"));
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}");

    public ImageReference {
        if (!isRegistry(registry)) {
            throw new IllegalArgumentException("not a registry: " + registry);
        }
        if (!isPath(repository)) {
            throw new IllegalArgumentException("not a repository: " + repository);
        }
        if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
            throw new IllegalArgumentException("not a tag: " + tag.get());
        }
        if (digest.isPresent() && !DIGEST.matcher(digest.get()).matches()) {
            throw new IllegalArgumentException("not a digest: " + digest.get());
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            throw new IllegalArgumentException("neither tag nor digest: " + registry + "/" + repository);
        }
    }

    /** Reads a reference as a user writes it; empty where the text is none. */
    public static Optional<ImageReference> parse(String text) {
        try {
            return Optional.of(read(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Reads a reference that has to be one. */
    public static ImageReference of(String text) {
        try {
            return read(text);
        } catch (IllegalArgumentException e) {
            throw KubeException.user(
                    "'" + text + "' is no image reference",
                    String.valueOf(e.getMessage()),
                    "write it as [registry[:port]/]repository[:tag][@sha256:…], the repository in lower case");
        }
    }

    private static ImageReference read(String text) {
        String rest = text;
        Optional<String> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        if (colon >= 0) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
        int slash = rest.indexOf('/');
        if (slash >= 0 && isHost(rest.substring(0, slash))) {
            String registry = rest.substring(0, slash);
            String repository = rest.substring(slash + 1);
            return completed(registry, repository, tag, digest);
        }
        return completed(DOCKER_HUB, rest, tag, digest);
    }

    private static ImageReference completed(
            String registry, String repository, Optional<String> tag, Optional<String> digest) {
        String host = registry.equals("index.docker.io") ? DOCKER_HUB : registry;
        boolean official = host.equals(DOCKER_HUB) && repository.indexOf('/') < 0;
        return new ImageReference(host, official ? "library/" + repository : repository, tag, digest);
    }

    /** The docker command's rule: a first component is a host if nothing else could look so. */
    static boolean isHost(String component) {
        return component.equals("localhost")
                || component.indexOf('.') >= 0
                || component.indexOf(':') >= 0
                || component.chars().anyMatch(Character::isUpperCase);
    }

    private static boolean isRegistry(String registry) {
        Matcher matcher = HOST.matcher(registry);
        if (!matcher.matches()) {
            return false;
        }
        int port = Optional.ofNullable(matcher.group(1)).map(Integer::parseInt).orElse(1);
        return port > 0 && port <= HIGHEST_PORT;
    }

    private static boolean isPath(String repository) {
        for (String component : repository.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                return false;
            }
        }
        return repository.length() <= 255;
    }

    /** {@code registry/repository}, without tag and digest. */
    public String name() {
        return registry + "/" + repository;
    }

    /** The same tag and digest in another place. */
    public ImageReference at(String otherRegistry, String otherRepository) {
        return new ImageReference(otherRegistry, otherRepository, tag, digest);
    }

    /** What a registry is asked for: the digest if there is one, else the tag. */
    public String tagOrDigest() {
        return digest.or(() -> tag).orElseThrow();
    }

    /** As the docker command shows it: without docker.io and library. */
    public String familiar() {
        String text = toString();
        if (!registry.equals(DOCKER_HUB)) {
            return text;
        }
        String path = text.substring(DOCKER_HUB.length() + 1);
        boolean official = repository.startsWith("library/") && repository.indexOf('/', "library/".length()) < 0;
        String shorter = official ? path.substring("library/".length()) : path;
        // A first component that looks like a host would be read as one.
        return parse(shorter).filter(this::equals).isPresent() ? shorter : text;
    }

    @Override
    public String toString() {
        return name()
                + tag.map(value -> ":" + value).orElse("")
                + digest.map(value -> "@" + value).orElse("");
    }
}
