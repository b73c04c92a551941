package io.kubebuild.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What became of cases, one line each in a file; the last line of a case counts. */
final class Results {

    private final Optional<Path> file;
    private final Map<String, String> known = new LinkedHashMap<>();

    private Results(Optional<Path> file) {
        this.file = file;
    }

    /**
     * Reads those of earlier runs.
     *
     * @param file nothing is kept where it is empty
     */
    static Results in(Optional<Path> file) throws IOException {
        Results results = new Results(file);
        if (file.isPresent() && Files.exists(file.get())) {
            for (String line : Files.readAllLines(file.get())) {
                String[] words = line.split("\t", -1);
                results.known.put(words[0] + "\t" + words[1], words[2]);
            }
        }
        return results;
    }

    /** passed, failed or skipped. */
    Optional<String> of(Chapter chapter, String name) {
        return Optional.ofNullable(known.get(chapter.title() + "\t" + name));
    }

    /** Keeps one; what is said of a failed one is kept as a whole in a file of its own. */
    void put(Chapter chapter, String name, String result, long seconds, String said) throws IOException {
        known.put(chapter.title() + "\t" + name, result);
        if (file.isPresent()) {
            if (result.equals("failed")) {
                String at = chapter.title() + "-" + name.replaceAll("[^A-Za-z0-9.-]+", "-") + ".txt";
                Files.writeString(
                        Files.createDirectories(file.get().resolveSibling("failed"))
                                .resolve(at),
                        said);
            }
            String text = said.replace('\t', ' ').lines().findFirst().orElse("");
            Files.writeString(
                    file.get(),
                    String.join("\t", chapter.title(), name, result, Long.toString(seconds), text) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
