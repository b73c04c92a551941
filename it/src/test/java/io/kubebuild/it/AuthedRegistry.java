package io.kubebuild.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** A registry on this machine that has one small image under every name, for those who know its password. */
final class AuthedRegistry implements AutoCloseable {

    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    private final HttpServer server;
    private final PlainDoor door;
    private final String authorization;
    private final Map<String, byte[]> blobs = new TreeMap<>();
    private final byte[] manifest;
    private final Map<String, Boolean> asked = new ConcurrentHashMap<>();

    private AuthedRegistry(HttpServer server, String user, String password) throws IOException {
        this.server = server;
        this.door = PlainDoor.before(server.getAddress().getPort());
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        // The end of a tar archive: a layer without files.
        byte[] layer = new byte[1024];
        byte[] packed = gzip(layer);
        byte[] config = utf8("""
                {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}
                """.formatted(digest(layer)));
        this.manifest = utf8("""
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},
                 "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}
                """.formatted(MANIFEST, config.length, digest(config), packed.length, digest(packed)));
        blobs.put(digest(config), config);
        blobs.put(digest(packed), packed);
    }

    static AuthedRegistry of(String user, String password) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            AuthedRegistry registry = new AuthedRegistry(server, user, password);
            server.createContext("/", registry::answer);
            server.start();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port. */
    String address() {
        return "127.0.0.1:" + door.port();
    }

    /** Whether somebody with the password has been here. */
    boolean wasAsked() {
        return asked.containsKey(authorization);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        asked.put(sent, true);
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().add("Docker-Distribution-Api-Version", "registry/2.0");
        if (!sent.equals(authorization)) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"sample\"");
            send(exchange, 401, utf8("{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\"}]}"));
        } else if (path.contains("/manifests/")) {
            exchange.getResponseHeaders().add("Content-Type", MANIFEST);
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest(manifest));
            send(exchange, 200, manifest);
        } else {
            byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
            send(exchange, blob != null ? 200 : path.equals("/v2/") ? 200 : 404, blob != null ? blob : new byte[0]);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] utf8(String text) {
        return text.strip().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }

    private static String digest(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        server.stop(0);
    }
}
