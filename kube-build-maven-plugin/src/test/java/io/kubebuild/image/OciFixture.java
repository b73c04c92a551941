package io.kubebuild.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small OCI layouts for tests. */
public final class OciFixture {

    public static final String TAR = "application/vnd.oci.image.layer.v1.tar";

    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final Map<String, byte[]> blobs = new LinkedHashMap<>();
    private final List<String> top = new ArrayList<>();

    /** Adds a blob and gives its digest. */
    public String blob(byte[] content) {
        String digest = TarFixture.digest(content);
        blobs.put(digest, content);
        return digest;
    }

    /** Forgets a blob. */
    public OciFixture without(String digest) {
        blobs.remove(digest);
        return this;
    }

    /** Adds an image of one layer; gives the digest of its manifest. */
    public String image(String architecture, byte[] layer) {
        return image(architecture, layer, layer, TAR);
    }

    /** The same with a layer that is sent otherwise than it is. */
    public String image(String architecture, byte[] layer, byte[] sent, String type) {
        byte[] config = TarFixture.config(architecture, layer).getBytes(StandardCharsets.UTF_8);
        return blob(("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":{\"mediaType\":"
                        + "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + blob(config) + "\",\"size\":"
                        + config.length + "},\"layers\":[{\"mediaType\":\"" + type + "\",\"digest\":\"" + blob(sent)
                        + "\",\"size\":" + sent.length + "}]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Adds an index of what {@link #described} gives; gives its digest. */
    public String index(String... descriptors) {
        return blob(indexOf(List.of(descriptors)).getBytes(StandardCharsets.UTF_8));
    }

    private static String indexOf(List<String> descriptors) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + String.join(",", descriptors)
                + "]}";
    }

    /** An entry of an index. */
    public static String described(String digest, String architecture) {
        return described(digest, architecture, "");
    }

    /** An entry of an index with annotations, as JSON. */
    public static String described(String digest, String architecture, String annotations) {
        return "{\"mediaType\":\"" + MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":1,\"platform\":{\"os\":"
                + "\"linux\",\"architecture\":\"" + architecture + "\"},\"annotations\":{" + annotations + "}}";
    }

    /** Puts an entry into index.json. */
    public OciFixture top(String descriptor) {
        top.add(descriptor);
        return this;
    }

    /** Puts an image or index into index.json under a name. */
    public OciFixture named(String digest, String name) {
        return top("{\"digest\":\"" + digest + "\",\"annotations\":{\"io.containerd.image.name\":\"" + name + "\"}}");
    }

    /** The files of the layout, by their names. */
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        blobs.forEach((digest, content) -> files.put("blobs/" + digest.replace(':', '/'), content));
        files.put("index.json", indexOf(top).getBytes(StandardCharsets.UTF_8));
        files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        return files;
    }

    public byte[] bytes() {
        TarFixture tar = new TarFixture();
        files().forEach(tar::file);
        return tar.bytes();
    }
}
