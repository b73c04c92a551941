package io.kubebuild.mojo;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the Docker engine is, read from the parameters for it. */
final class EngineParts {

    private static final Pattern ENDPOINT = Pattern.compile("(unix|npipe|tcp|http|https|ssh)://.+");
    private static final String CERTIFICATES = "kube.docker.certPath";

    private final ParameterReader reader;
    private final FileParameters files;

    EngineParts(ParameterReader reader, FileParameters files) {
        this.reader = reader;
        this.files = files;
    }

    Optional<String> host(@Nullable String value) {
        Optional<String> host = reader.parsed(
                ParameterName.of("kube.docker.host"),
                value,
                text -> Optional.of(text).filter(t -> ENDPOINT.matcher(t).matches()),
                "unix:///PATH or tcp://HOST:PORT");
        host.ifPresent(this::refuseUnusable);
        return host;
    }

    private void refuseUnusable(String host) {
        try {
            Endpoint endpoint = new EndpointResolver(Map.of(), Path.of("/"), Files::exists)
                    .resolve(Optional.of(host), Optional.empty());
            if (endpoint.isUnixSocket()) {
                refuseWithoutSocket(endpoint.socket().toString());
            }
        } catch (KubeException e) {
            e.problems().forEach(reader::problem);
        }
    }

    private void refuseWithoutSocket(String path) {
        Optional<Path> socket = FileParameters.parse(path);
        if (socket.filter(Files::exists).isEmpty()
                || socket.filter(Files::isDirectory).isPresent()
                || socket.filter(Files::isRegularFile).isPresent()) {
            reader.problem(new Problem(
                    "kube.docker.host names " + ShownValue.of(path) + ", which is no socket",
                    socket.filter(Files::exists).isPresent() ? "" : "there is no such file",
                    "start the engine, or name the socket that it has opened: docker context inspect shows it"));
        }
    }

    /** @param host what was named; the certificates are for nothing where that is a socket */
    Optional<Path> certificates(@Nullable File value, Optional<String> host) {
        Optional<Path> directory = files.path(CERTIFICATES, value);
        if (directory.isPresent()) {
            refuseIncomplete(directory.get());
        }
        if (directory.isPresent()
                && host.filter(text -> text.startsWith("unix:")).isPresent()) {
            reader.problem(new Problem(
                    CERTIFICATES + " is given for an engine behind a socket",
                    "TLS is spoken over tcp:// and https:// alone",
                    "leave it out, or name the engine's port: -Dkube.docker.host=tcp://HOST:2376"));
        }
        return directory;
    }

    private void refuseIncomplete(Path directory) {
        List<String> missing = List.of("ca.pem", "cert.pem", "key.pem").stream()
                .filter(name -> !Files.isReadable(directory.resolve(name)))
                .toList();
        if (!Files.isDirectory(directory)) {
            reader.problem(new Problem(
                    CERTIFICATES + " names " + directory + ", which is no directory",
                    "",
                    "name the directory that holds ca.pem, cert.pem and key.pem"));
        } else if (!missing.isEmpty()) {
            reader.problem(new Problem(
                    CERTIFICATES + " names " + directory + ", which lacks " + String.join(", ", missing),
                    "",
                    "name the directory that holds ca.pem, cert.pem and key.pem"));
        }
    }
}
