package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The engine that the tests use, seen past the plugin: what a tree has left there. */
public final class EngineSocket {

    private static final String DEFAULT = "unix:///var/run/docker.sock";
    private static final Pattern NAME = Pattern.compile("\"Names\":\\[\"/([^\"]+)\"");
    private static final Pattern TAG = Pattern.compile("\"RepoTags\":\\[\"([^\"]+)\"");

    private static final Pattern IMAGE = Pattern.compile("\"Image\":\"(sha256:[0-9a-f]+)\"");

    private EngineSocket() {}

    /** Where the engine is, as DOCKER_HOST has it. */
    public static String address() {
        return Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .filter(host -> !host.isBlank())
                .orElse(DEFAULT);
    }

    /** The socket of a local engine; a test that looks there is skipped with another one. */
    public static Path path() {
        Assumptions.assumeTrue(
                address().startsWith("unix://"), () -> "the engine at " + address() + " has no socket on this machine");
        return Path.of(address().substring("unix://".length()));
    }

    /** Names of the containers of a tree that run, sorted. */
    public static List<String> running(SampleTree tree) {
        return NAME.matcher(get("/containers/json?filters=" + labelled(tree)))
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    /** Names of all containers of a tree, sorted. */
    public static List<String> containers(SampleTree tree) {
        return NAME.matcher(get("/containers/json?all=1&filters=" + labelled(tree)))
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    /** Tags of the images of a tree, sorted. */
    public static List<String> images(SampleTree tree) {
        return TAG.matcher(get("/images/json?filters=" + labelled(tree)))
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    /** All that the engine tells of the containers and images of a tree to whoever asks. */
    public static String inspected(SampleTree tree) {
        StringBuilder told = new StringBuilder();
        containers(tree).forEach(name -> told.append(get("/containers/" + name + "/json")));
        images(tree).forEach(name -> told.append(get("/images/" + name + "/json"))
                .append(get("/images/" + name + "/history")));
        return told.toString();
    }

    /** The id of the image that a container was made of. */
    static String imageOf(String container) {
        Matcher image = IMAGE.matcher(get("/containers/" + container + "/json"));
        assertThat(image.find()).as("the image of " + container).isTrue();
        return image.group(1);
    }

    private static String labelled(SampleTree tree) {
        try {
            String label = "io.kubebuild.path=" + tree.directory().toRealPath();
            return URLEncoder.encode("{\"label\":[\"" + label + "\"]}", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer, head and body; HTTP 1.0, so that it ends with the connection. */
    private static String get(String resource) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path()));
            String request = "GET " + resource + " HTTP/1.0\r\nHost: engine\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.0 200") && !answer.startsWith("HTTP/1.1 200")) {
                throw new AssertionError(resource + ": " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
