package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.NoProxy;
import io.kubebuild.http.WebProxies;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.testing.Hurried;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tunnelling proxy that lets nobody through, but hears who asks for what. */
@Timeout(60)
class RegistryThroughProxyTest {

    private final Path directory;
    private final List<List<String>> heard = new CopyOnWriteArrayList<>();

    RegistryThroughProxyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void asksTheProxyForATunnelToTheRegistryAndShowsWhoItIs() throws IOException {
        try (ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(proxy), "proxy");
            server.setDaemon(true);
            server.start();
            WebProxies proxies = WebProxies.of(
                    Optional.empty(),
                    Optional.of("http://ann:pw@127.0.0.1:" + proxy.getLocalPort()),
                    NoProxy.of("direct.example"));

            BaseImageSource.Answer answer = source(proxies)
                    .find(ImageReference.of("registry.invalid:5000/build-image/go-runner:1"), "linux/amd64");

            assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
            assertThat(heard).anySatisfy(request -> assertThat(request)
                    .startsWith("CONNECT registry.invalid:5000 HTTP/1.1")
                    .contains("Proxy-Authorization: Basic "
                            + Base64.getEncoder().encodeToString("ann:pw".getBytes(StandardCharsets.UTF_8))));
        }
    }

    private RegistryBaseImages source(WebProxies proxies) {
        return new RegistryBaseImages(
                Mirrors.NONE,
                CredentialSource.NONE,
                new BaseImageStore(directory),
                RegistryBaseImages.Mode.FRESH,
                new Access(proxies, Trust.OF_JDK),
                Hurried.PATIENCE,
                BuildListener.SILENT);
    }

    private void serve(ServerSocket proxy) {
        try {
            while (true) {
                try (Socket socket = proxy.accept();
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
                    List<String> lines = new ArrayList<>();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        lines.add(line);
                    }
                    heard.add(lines);
                    boolean shown = lines.stream().anyMatch(line -> line.startsWith("Proxy-Authorization"));
                    socket.getOutputStream()
                            .write((shown
                                            ? "HTTP/1.1 403 No way\r\n"
                                            : "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n")
                                    .concat("Content-Length: 0\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }
}
