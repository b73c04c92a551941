package io.kubebuild.fingerprint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The named inputs of a step, each reduced to a short text, in the order in which they were added.
 *
 * @param inputs name to value; large values are given as their hash
 */
public record Fingerprint(Map<String, String> inputs) {

    /** Grows when the meaning of a name changes; older records then no longer match. */
    private static final String FORMAT = "1";

    public Fingerprint {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** One hash over everything. */
    public String id() {
        StringBuilder all = new StringBuilder("format=" + FORMAT + "\n");
        inputs.forEach((name, value) -> all.append(name.length())
                .append(':')
                .append(name)
                .append('=')
                .append(value.length())
                .append(':')
                .append(value)
                .append('\n'));
        return sha256(all.toString());
    }

    /** The first input that differs, in words for the user; empty where nothing differs. */
    public Optional<String> difference(Fingerprint earlier) {
        TreeSet<String> names = new TreeSet<>(inputs.keySet());
        names.addAll(earlier.inputs.keySet());
        return names.stream()
                .filter(name -> !java.util.Objects.equals(inputs.get(name), earlier.inputs.get(name)))
                .findFirst()
                .map(name -> name + " changed");
    }

    /** SHA-256 of a text, in hex. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Collects inputs. */
    public static final class Builder {
        private final Map<String, String> inputs = new LinkedHashMap<>();

        private Builder() {}

        public Builder add(String name, Object value) {
            if (inputs.put(name, value.toString()) != null) {
                throw new IllegalArgumentException("input named twice: " + name);
            }
            return this;
        }

        public Builder add(String name, Collection<?> values) {
            return add(
                    name,
                    sha256(String.join(
                            "\0", values.stream().map(Object::toString).toList())));
        }

        public Fingerprint build() {
            return new Fingerprint(inputs);
        }
    }
}
