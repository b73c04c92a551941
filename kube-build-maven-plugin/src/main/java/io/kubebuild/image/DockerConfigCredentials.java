package io.kubebuild.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Credentials as the docker and podman commands keep them: the variable DOCKER_AUTH_CONFIG, which holds what a file would, docker's
 * {@code config.json}, then podman's {@code auth.json}.
 *
 * <p>Entries are for a registry, or for what lies below a path in it; in each file the longest path that leads to a repository counts, and
 * of entries for the same path {@code credHelpers} before {@code credsStore}, which is asked for registries only, and that before
 * {@code auths}. A file or helper that cannot be read is named in a warning, once, and the search goes on: the image may be public.
 */
public final class DockerConfigCredentials implements CredentialSource {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration HELPER_PATIENCE = Duration.ofMinutes(1);
    private static final String HUB_SERVER = "https://index.docker.io/v1/";

    private static final String VARIABLE = "DOCKER_AUTH_CONFIG";

    /** What a URL of a registry has behind its host, and a repository never does. */
    private static final Set<String> API_PATHS = Set.of("", "v1", "v2");

    private final Optional<String> variable;
    private final List<Path> files;
    private final CredentialPrograms helpers;
    private final BuildListener listener;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * @param environment the process environment (DOCKER_AUTH_CONFIG, DOCKER_CONFIG, XDG_RUNTIME_DIR, PATH …)
     * @param home the user's home directory
     */
    public DockerConfigCredentials(Map<String, String> environment, Path home, BuildListener listener) {
        this.variable =
                Optional.ofNullable(environment.get("DOCKER_AUTH_CONFIG")).filter(text -> !text.isBlank());
        this.files = files(environment, home);
        this.helpers = new CredentialPrograms(environment, HELPER_PATIENCE);
        this.listener = listener;
    }

    private static List<Path> files(Map<String, String> environment, Path home) {
        List<Path> files = new ArrayList<>();
        files.add(directory(environment, "DOCKER_CONFIG")
                .orElse(home.resolve(".docker"))
                .resolve("config.json"));
        directory(environment, "REGISTRY_AUTH_FILE").ifPresent(files::add);
        directory(environment, "XDG_RUNTIME_DIR")
                .map(directory -> directory.resolve("containers/auth.json"))
                .ifPresent(files::add);
        files.add(directory(environment, "XDG_CONFIG_HOME")
                .orElse(home.resolve(".config"))
                .resolve("containers/auth.json"));
        return List.copyOf(files);
    }

    private static Optional<Path> directory(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /**
     * What somebody keeps.
     *
     * @param source the file or variable, for messages
     */
    private record Kept(String source, JsonNode config) {}

    @Override
    public Optional<RegistryCredentials> find(String registry, String repository) {
        return Stream.concat(
                        variable.stream().flatMap(text -> fromVariable(text).stream()),
                        files.stream().filter(Files::isRegularFile).flatMap(file -> fromFile(file).stream()))
                .flatMap(kept -> find(kept, place(registry), repository).stream())
                .findFirst();
    }

    private Optional<Kept> fromVariable(String text) {
        try {
            return Optional.of(new Kept(VARIABLE, JSON.readTree(text)));
        } catch (IOException e) {
            // Not the parser's words: they may quote a secret.
            warn("cannot read credentials from the environment variable " + VARIABLE + ": it is no JSON");
            return Optional.empty();
        }
    }

    private Optional<Kept> fromFile(Path file) {
        try {
            return Optional.of(new Kept(file.toString(), JSON.readTree(file.toFile())));
        } catch (IOException e) {
            warn("cannot read credentials from " + file + ": "
                    + (Files.isReadable(file) ? "it is no JSON" : "no permission"));
            return Optional.empty();
        }
    }

    private Optional<RegistryCredentials> find(Kept kept, String registry, String repository) {
        return CredentialSource.paths(repository).stream()
                .flatMap(path -> fromHelpers(kept, registry, path).or(() -> fromAuths(kept, registry, path)).stream())
                .findFirst();
    }

    private Optional<RegistryCredentials> fromHelpers(Kept kept, String registry, String path) {
        String place = registry + path;
        List<String> names = new ArrayList<>();
        kept.config().path("credHelpers").properties().stream()
                .filter(entry -> place(entry.getKey()).equals(place))
                .map(entry -> entry.getValue().asText(""))
                .forEach(names::add);
        if (path.isEmpty()) {
            names.add(kept.config().path("credsStore").asText(""));
        }
        String server = place.equals(ImageReference.DOCKER_HUB) ? HUB_SERVER : place;
        for (String name : names) {
            if (name.isEmpty()) {
                continue;
            }
            try {
                Optional<RegistryCredentials> found = helpers.ask(name, registry, server, kept.source());
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                warn("no credentials of " + place + " from the helper named in " + kept.source() + ": "
                        + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Optional<RegistryCredentials> fromAuths(Kept kept, String registry, String path) {
        String source = kept.source() + (path.isEmpty() ? "" : " (" + registry + path + ")");
        return kept.config().path("auths").properties().stream()
                .filter(entry -> place(entry.getKey()).equals(registry + path))
                .flatMap(entry -> read(source, entry.getValue(), registry).stream())
                .findFirst();
    }

    private Optional<RegistryCredentials> read(String source, JsonNode auth, String registry) {
        String token = auth.path("identitytoken").asText("");
        if (!token.isEmpty()) {
            return Optional.of(new RegistryCredentials(registry, RegistryCredentials.TOKEN, token, source));
        }
        String encoded = auth.path("auth").asText("");
        if (encoded.isEmpty()) {
            // Docker leaves an empty entry behind for what a credential store keeps.
            return Optional.of(auth)
                    .filter(node -> node.hasNonNull("username") && node.hasNonNull("password"))
                    .map(node -> new RegistryCredentials(
                            registry,
                            node.path("username").asText(),
                            node.path("password").asText(),
                            source));
        }
        try {
            String pair = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return Optional.of(
                        new RegistryCredentials(registry, pair.substring(0, colon), pair.substring(colon + 1), source));
            }
        } catch (IllegalArgumentException e) {
            listener.on(new BuildListener.Detail("auth of " + registry + " in " + source + " is no base64"));
        }
        warn("the entry of " + registry + " in " + source + " is not user:password in base64");
        return Optional.empty();
    }

    /** Entries are written as host, as URL, or with a path; docker's registry has several names. */
    private static String place(String server) {
        String rest = server.replaceFirst("^https?://", "").replaceFirst("/+$", "");
        int slash = rest.indexOf('/');
        String written = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        String host =
                switch (written) {
                    case "index.docker.io", "registry-1.docker.io" -> ImageReference.DOCKER_HUB;
                    default -> written;
                };
        return API_PATHS.contains(path) ? host : host + "/" + path;
    }

    private void warn(String text) {
        if (warned.add(text)) {
            listener.on(new BuildListener.Warning(text));
        }
    }
}
