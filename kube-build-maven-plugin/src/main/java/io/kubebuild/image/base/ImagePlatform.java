package io.kubebuild.image.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.image.WantedImage;
import java.io.IOException;

/**
 * What an image's configuration says it runs on.
 *
 * @param os {@code linux}
 * @param architecture in Go's words
 * @param variant or empty
 */
record ImagePlatform(String os, String architecture, String variant) {

    static ImagePlatform ofConfig(String config) throws IOException {
        JsonNode node = new ObjectMapper().readTree(config);
        return new ImagePlatform(
                node.path("os").asText("linux"),
                node.path("architecture").asText(""),
                node.path("variant").asText(""));
    }

    boolean fits(String platform) {
        return WantedImage.fits(platform, os, architecture, variant);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
