package io.kubebuild.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What an archive says of itself before anything else.
 *
 * @param format of the archive
 * @param key for whom it is
 * @param generatedFor fingerprint of everything that the generated sources in it were made of; empty where there are none
 */
public record CacheHeader(int format, CacheKey key, String generatedFor) {

    /** Grows when archives of older plugins must not be believed. */
    static final int FORMAT = 1;

    /** A header of this format. */
    public static CacheHeader of(CacheKey key, String generatedFor) {
        return new CacheHeader(FORMAT, key, generatedFor);
    }

    byte[] bytes() {
        try {
            return json().writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is always JSON", e);
        }
    }

    /**
     * Reads one of this format.
     *
     * @throws UnusableCacheException where it is none
     */
    static CacheHeader parse(byte[] bytes) throws IOException {
        try {
            int format = json().readTree(bytes).path("format").asInt();
            if (format != FORMAT) {
                throw new UnusableCacheException("its format is " + format + ", not " + FORMAT);
            }
            return json().readValue(bytes, CacheHeader.class);
        } catch (JsonProcessingException e) {
            throw new UnusableCacheException("its header is damaged", e);
        }
    }

    private static ObjectMapper json() {
        return new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }
}
