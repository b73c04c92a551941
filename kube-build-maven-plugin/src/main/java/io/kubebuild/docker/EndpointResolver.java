package io.kubebuild.docker;

import io.kubebuild.problem.KubeException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the engine as the docker command would, and a little further: the parameter, DOCKER_HOST, DOCKER_CONTEXT, the
 * current docker context, then the sockets that engines are known to open.
 */
public final class EndpointResolver {

    private static final int HIGHEST_PORT = 65535;

    private static final String HOST_PARAMETER = "kube.docker.host";

    private final Map<String, String> environment;
    private final Path home;
    private final Predicate<Path> socketExists;

    /**
     * @param environment of the process
     * @param home the user's home directory
     * @param socketExists whether a socket lies at that path
     */
    public EndpointResolver(Map<String, String> environment, Path home, Predicate<Path> socketExists) {
        this.environment = Map.copyOf(environment);
        this.home = home;
        this.socketExists = socketExists;
    }

    /**
     * The engine to use.
     *
     * @param host parameter {@code kube.docker.host}, if given
     * @param certificates directory with ca.pem, cert.pem and key.pem, if given; replaces DOCKER_CERT_PATH
     * @throws KubeException the user's turn: nothing found, or what was named cannot be used
     */
    public Endpoint resolve(Optional<String> host, Optional<Path> certificates) {
        return fromParameter(host, certificates)
                .or(() -> fromDockerHost(certificates))
                .or(this::fromContext)
                .or(this::fromWellKnownSocket)
                .orElseThrow(this::nothingFound);
    }

    /** Whether the user names an engine, in whatever way; a socket that happens to be there names none. */
    public boolean isNamed(Optional<String> host) {
        return Stream.concat(
                                host.stream(),
                                Stream.of("DOCKER_HOST", "DOCKER_CONTEXT").flatMap(name -> variable(name).stream()))
                        .anyMatch(text -> !text.isBlank() && !text.equals("default"))
                || new DockerContexts(configDirectory())
                        .current()
                        .filter(name -> !name.equals("default"))
                        .isPresent();
    }

    private Optional<Endpoint> fromParameter(Optional<String> host, Optional<Path> certificates) {
        return host.map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> endpoint(text, HOST_PARAMETER, tlsDirectory(text, certificates)));
    }

    private Optional<Endpoint> fromDockerHost(Optional<Path> certificates) {
        return variable("DOCKER_HOST").map(text -> endpoint(text, "DOCKER_HOST", tlsDirectory(text, certificates)));
    }

    private Optional<Endpoint> fromContext() {
        DockerContexts contexts = new DockerContexts(configDirectory());
        return variable("DOCKER_CONTEXT")
                .map(name -> new Named(name, "DOCKER_CONTEXT"))
                .or(() -> contexts.current().map(name -> new Named(name, contexts.configFile() + " (currentContext)")))
                // The default context is no context: it stands for the engine of this machine.
                .filter(named -> !named.name().equals("default"))
                .map(named -> {
                    DockerContexts.Context context = contexts.read(named.name(), named.by());
                    String source = "docker context '" + named.name() + "', named by " + named.by();
                    return endpoint(context.host(), source, context.certificates());
                });
    }

    private Optional<Endpoint> fromWellKnownSocket() {
        return wellKnownSockets()
                .filter(socketExists)
                .findFirst()
                .map(socket -> Endpoint.ofSocket(socket.toString(), "well-known socket"));
    }

    private Stream<Path> wellKnownSockets() {
        Optional<Path> runtime = variable("XDG_RUNTIME_DIR").map(Path::of);
        return Stream.of(
                        Optional.of(Path.of("/var/run/docker.sock")),
                        runtime.map(dir -> dir.resolve("docker.sock")),
                        Optional.of(home.resolve(".docker/run/docker.sock")),
                        Optional.of(home.resolve(".colima/default/docker.sock")),
                        Optional.of(home.resolve(".rd/docker.sock")),
                        runtime.map(dir -> dir.resolve("podman/podman.sock")),
                        Optional.of(Path.of("/run/podman/podman.sock")))
                .flatMap(Optional::stream);
    }

    private KubeException nothingFound() {
        String sockets = wellKnownSockets().map(path -> "  " + path).collect(Collectors.joining("\n"));
        return KubeException.user(
                "no Docker engine found",
                "neither -D" + HOST_PARAMETER + " nor DOCKER_HOST nor DOCKER_CONTEXT is set, "
                        + new DockerContexts(configDirectory()).configFile()
                        + " names no context, and none of these sockets exists:\n" + sockets,
                "start Docker or podman, or name the engine: -D" + HOST_PARAMETER + "=unix:///path/docker.sock or -D"
                        + HOST_PARAMETER + "=tcp://host:2376");
    }

    /** TLS as the docker command decides it: asked for by DOCKER_TLS_VERIFY or DOCKER_TLS, or by a directory of ours. */
    private Optional<Path> tlsDirectory(String host, Optional<Path> certificates) {
        if (!host.startsWith("tcp:") && !host.startsWith("https:")) {
            return Optional.empty();
        }
        boolean asked = variable("DOCKER_TLS_VERIFY").isPresent()
                || variable("DOCKER_TLS").isPresent()
                // https asks for it by itself, and may do without certificates of one's own.
                || (host.startsWith("https:") && variable("DOCKER_CERT_PATH").isPresent());
        return certificates.or(() -> asked
                ? Optional.of(variable("DOCKER_CERT_PATH").map(Path::of).orElseGet(this::configDirectory))
                : Optional.empty());
    }

    private Path configDirectory() {
        return variable("DOCKER_CONFIG").map(Path::of).orElseGet(() -> home.resolve(".docker"));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** What follows unix:// is a path, whatever is in it. */
    private Endpoint socket(String text, String source) {
        String rest = text.substring("unix:".length());
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        if (!path.startsWith("/")) {
            throw unusable(text, source, "a socket needs an absolute path", "write unix:///path/docker.sock");
        }
        try {
            Optional<Path> decoded = decoded(path).map(Path::of);
            boolean wasUrl = !socketExists.test(Path.of(path))
                    && decoded.filter(socketExists).isPresent();
            return Endpoint.ofSocket(wasUrl ? decoded.get().toString() : path, source);
        } catch (InvalidPathException e) {
            throw unusable(
                    text,
                    source,
                    "this JVM knows no such path: " + e.getReason(),
                    "run Maven in a locale with all letters: LC_ALL=C.UTF-8");
        }
    }

    /** The path in a URL, as some tools print it: {@code %20} for a blank. */
    private static Optional<String> decoded(String path) {
        try {
            URI url = new URI("unix://" + path);
            return url.getRawQuery() == null && url.getRawFragment() == null
                    ? Optional.ofNullable(url.getPath()).filter(other -> !other.equals(path))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private Endpoint endpoint(String text, String source, Optional<Path> certificates) {
        if (text.startsWith("unix:")) {
            return socket(text, source);
        }
        URI uri = parse(text, source);
        String scheme = String.valueOf(uri.getScheme());
        switch (scheme) {
            case "tcp", "http", "https" -> {
                if (uri.getHost() == null) {
                    throw unusable(text, source, "it names no host", "write tcp://host:2376");
                }
                if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
                    throw unusable(text, source, "a port is a number from 1 to 65535", "write tcp://host:2376");
                }
                if (uri.getRawUserInfo() != null || !Set.of("", "/").contains(uri.getRawPath())) {
                    throw unusable(
                            text,
                            source,
                            "engines have neither user and password nor a path",
                            "write tcp://host:2376; for TLS name certificates: -Dkube.docker.certPath=DIRECTORY");
                }
                refuseRest(uri, text, source, "write tcp://host:2376");
                return new Endpoint(tcp(uri), source, certificates);
            }
            case "ssh" ->
                throw unusable(
                        text,
                        source,
                        "engines are not reached through ssh",
                        "forward the engine's socket, then name it:\n"
                                + "ssh -nNT -L \"$HOME/docker.sock:/var/run/docker.sock\" "
                                + uri.getAuthority() + " &\n"
                                + "mvn ... -D" + HOST_PARAMETER + "=unix://$HOME/docker.sock");
            case "npipe" ->
                throw unusable(text, source, "Windows is not supported as a host", "run the build inside WSL");
            default ->
                throw unusable(
                        text,
                        source,
                        "its scheme is none of unix, tcp",
                        "write unix:///path/docker.sock or tcp://host:2376");
        }
    }

    /** What would be ignored. */
    private static void refuseRest(URI uri, String text, String source, String fix) {
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw unusable(text, source, "an engine's address has neither ? nor # in it", fix);
        }
    }

    private static URI tcp(URI uri) {
        // https says that it is TLS, with certificates of one's own or without; tcp leaves that to the certificates.
        String scheme = "https".equals(uri.getScheme()) ? "https" : "tcp";
        return URI.create(scheme + "://" + uri.getRawAuthority());
    }

    private static URI parse(String text, String source) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw unusable(
                    text,
                    source,
                    "it is no URL: " + e.getReason(),
                    "write unix:///path/docker.sock or tcp://host:2376");
        }
    }

    private static KubeException unusable(String text, String source, String why, String fix) {
        return KubeException.user("the Docker engine '" + text + "' (from " + source + ") cannot be used", why, fix);
    }

    /** A context, and what named it. */
    private record Named(String name, String by) {}
}
