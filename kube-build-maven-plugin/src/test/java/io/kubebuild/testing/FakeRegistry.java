package io.kubebuild.testing;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.RegistryCredentials;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the {@link FakeEngine} pulls from: images by reference, what it refuses, and what it was shown. */
final class FakeRegistry {

    private final Map<String, byte[]> configs = new HashMap<>();
    private final Map<String, Deque<EngineException>> refusals = new HashMap<>();
    private final Map<String, List<Optional<RegistryCredentials>>> shown = new HashMap<>();

    void add(String reference, byte[] config) {
        configs.put(reference, config);
    }

    /** Refuses one pull for each text before it gives anything. */
    void refuse(String reference, Kind kind, String... texts) {
        Deque<EngineException> queue = refusals(reference);
        for (String text : texts) {
            queue.add(failed(kind, reference, text));
        }
    }

    /** The credentials of each pull, in order. */
    List<Optional<RegistryCredentials>> shown(String reference) {
        return List.copyOf(shown.getOrDefault(reference, List.of()));
    }

    /** Gives the configuration of an image. */
    byte[] pull(String reference, Optional<RegistryCredentials> credentials) {
        shown.computeIfAbsent(reference, first -> new ArrayList<>()).add(credentials);
        Deque<EngineException> queue = refusals(reference);
        if (!queue.isEmpty()) {
            throw queue.remove();
        }
        return Optional.ofNullable(configs.get(reference))
                .orElseThrow(() -> failed(Kind.NOT_FOUND, reference, "manifest unknown"));
    }

    private Deque<EngineException> refusals(String reference) {
        return refusals.computeIfAbsent(reference, first -> new ArrayDeque<>());
    }

    private static EngineException failed(Kind kind, String reference, String text) {
        return new EngineException(kind, "pulling " + reference + ": " + text, null);
    }
}
