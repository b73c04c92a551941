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

/**
 * Credentials as the docker and podman commands keep them: docker's {@code config.json}, then podman's {@code auth.json}.
 *
 * <p>In each file {@code credHelpers} comes before {@code credsStore}, and that before {@code auths}. A file or helper that
 * cannot be read is named in a warning, once, and the search goes on: the image may be public.
 */
public final class DockerConfigCredentials implements CredentialSource {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration HELPER_PATIENCE = Duration.ofMinutes(1);
    private static final String HUB_SERVER = "https://index.docker.io/v1/";

    private final List<Path> files;
    private final CredentialPrograms helpers;
    private final BuildListener listener;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * @param environment the process environment (DOCKER_CONFIG, XDG_RUNTIME_DIR, PATH …)
     * @param home the user's home directory
     */
    public DockerConfigCredentials(Map<String, String> environment, Path home, BuildListener listener) {
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

    @Override
    public Optional<RegistryCredentials> find(String registry) {
        return files.stream()
                .filter(Files::isRegularFile)
                .flatMap(file -> find(file, host(registry)).stream())
                .findFirst();
    }

    private Optional<RegistryCredentials> find(Path file, String registry) {
        JsonNode config;
        try {
            config = JSON.readTree(file.toFile());
        } catch (IOException e) {
            // Not the parser's words: they may quote a secret.
            warn("cannot read credentials from " + file + ": "
                    + (Files.isReadable(file) ? "it is no JSON" : "no permission"));
            return Optional.empty();
        }
        return fromHelpers(file, config, registry).or(() -> fromAuths(file, config, registry));
    }

    private Optional<RegistryCredentials> fromHelpers(Path file, JsonNode config, String registry) {
        List<String> names = new ArrayList<>();
        config.path("credHelpers").properties().stream()
                .filter(entry -> host(entry.getKey()).equals(registry))
                .map(entry -> entry.getValue().asText(""))
                .forEach(names::add);
        names.add(config.path("credsStore").asText(""));
        String server = registry.equals(ImageReference.DOCKER_HUB) ? HUB_SERVER : registry;
        for (String name : names) {
            if (name.isEmpty()) {
                continue;
            }
            try {
                Optional<RegistryCredentials> found = helpers.ask(name, registry, server, file.toString());
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                warn("no credentials of " + registry + " from the helper named in " + file + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Optional<RegistryCredentials> fromAuths(Path file, JsonNode config, String registry) {
        return config.path("auths").properties().stream()
                .filter(entry -> host(entry.getKey()).equals(registry))
                .flatMap(entry -> read(file, entry.getValue(), registry).stream())
                .findFirst();
    }

    private Optional<RegistryCredentials> read(Path file, JsonNode auth, String registry) {
        String token = auth.path("identitytoken").asText("");
        if (!token.isEmpty()) {
            return Optional.of(new RegistryCredentials(registry, "<token>", token, file.toString()));
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
                            file.toString()));
        }
        try {
            String pair = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return Optional.of(new RegistryCredentials(
                        registry, pair.substring(0, colon), pair.substring(colon + 1), file.toString()));
            }
        } catch (IllegalArgumentException e) {
            listener.on(new BuildListener.Detail("auth of " + registry + " in " + file + " is no base64"));
        }
        warn("the entry of " + registry + " in " + file + " is not user:password in base64");
        return Optional.empty();
    }

    /** Entries are written as host, as URL, or (podman) with a path; docker's registry has several names. */
    private static String host(String server) {
        String rest = server.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        return switch (host) {
            case "index.docker.io", "registry-1.docker.io" -> ImageReference.DOCKER_HUB;
            default -> host;
        };
    }

    private void warn(String text) {
        if (warned.add(text)) {
            listener.on(new BuildListener.Warning(text));
        }
    }
}
