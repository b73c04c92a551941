package io.kubebuild.it.chaos;

import io.kubebuild.it.MavenResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What builds make that nobody disturbs: kept in a file, since it is the same for the same plugin and sample tree.
 *
 * @param results hashes by path
 * @param points how many lines each step tells with {@code -X} when all work is done again
 */
record Reference(Map<String, String> results, Map<String, Integer> points) {

    Reference {
        results = Map.copyOf(results);
        points = Map.copyOf(points);
    }

    /** The one in a file, or a new one, which is written there. */
    static Reference of(Stage stage, Optional<Path> file) throws IOException {
        if (file.isPresent() && Files.exists(file.get())) {
            return read(Files.readAllLines(file.get()));
        }
        stage.release().execute().succeeded();
        Map<String, String> results = stage.results();
        MavenResult forced = stage.forced().execute().succeeded();
        if (!stage.results().equals(results)) {
            throw new AssertionError("two builds that nobody disturbed differ");
        }
        Reference made = new Reference(results, Points.of(forced.log()));
        if (file.isPresent()) {
            Files.write(file.get(), made.lines());
        }
        return made;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(results).forEach((path, hash) -> lines.add("result\t" + path + "\t" + hash));
        new TreeMap<>(points).forEach((step, count) -> lines.add("point\t" + step + "\t" + count));
        return lines;
    }

    private static Reference read(List<String> lines) {
        Map<String, String> results = new TreeMap<>();
        Map<String, Integer> points = new TreeMap<>();
        for (String line : lines) {
            String[] words = line.split("\t", -1);
            if (words[0].equals("result")) {
                results.put(words[1], words[2]);
            } else {
                points.put(words[1], Integer.valueOf(words[2]));
            }
        }
        return new Reference(results, points);
    }
}
