package io.kubebuild.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For whom a cache is. Go tells by itself which entry belongs to which source and flag, but not in which image the C compiler, its
 * headers and libraries were; so a cache of another key is never looked into.
 *
 * @param plugin version of the plugin
 * @param crossImage id of the cross image, which holds Go and the C compilers
 * @param platform what commands ran on ({@code linux/amd64})
 * @param root root of the tree inside the workspace
 */
public record CacheKey(String plugin, String crossImage, String platform, String root) {

    /** What differs, in words for the user; empty where nothing does. */
    public Optional<String> difference(CacheKey theirs) {
        Map<String, String> other = theirs.inWords();
        return inWords().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(other.get(entry.getKey())))
                .findFirst()
                .map(entry -> "it is for the " + entry.getKey() + " " + other.get(entry.getKey()) + ", not "
                        + entry.getValue());
    }

    private Map<String, String> inWords() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("plugin", plugin);
        words.put("cross image", crossImage);
        words.put("platform", platform);
        words.put("root", root);
        return words;
    }
}
