package io.kubebuild.mojo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of {@code bad-values.txt}, whose head says how it is written. */
final class BadValues {

    private static final String FILE = "bad-values.txt";

    private static final Pattern PLACE = Pattern.compile("\\{(long:)?([a-z0-9-]+)}");

    private BadValues() {}

    /**
     * A value for a property.
     *
     * @param property whose value it is
     * @param written as in the file, with the parameters that come with it
     * @param harmless why it does no harm; empty where it is refused
     */
    record Row(String property, String written, Optional<String> harmless) {

        /** All parameters of the row, ready to be given; the property itself comes first. */
        Map<String, String> values(Map<String, Path> places, String engine) {
            Map<String, String> values = new LinkedHashMap<>();
            List<String> parts = List.of(written.split(" && ", -1));
            values.put(property, value(parts.get(0), places, engine));
            parts.stream().skip(1).forEach(part -> {
                int sign = part.indexOf('=');
                values.put(part.substring(0, sign), value(part.substring(sign + 1), places, engine));
            });
            return values;
        }

        @Override
        public String toString() {
            return property + "=" + written;
        }
    }

    static List<Row> read() throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> properties = List.of();
        for (String line : text().lines().toList()) {
            if (line.startsWith("[")) {
                properties = List.of(line.substring(1, line.length() - 1).split(" ", -1));
            } else if (line.startsWith("refused ")) {
                properties.forEach(
                        property -> rows.add(new Row(property, line.substring("refused ".length()), Optional.empty())));
            } else if (line.startsWith("harmless ")) {
                int why = line.lastIndexOf("  # ");
                String value = line.substring("harmless ".length(), why);
                properties.forEach(
                        property -> rows.add(new Row(property, value, Optional.of(line.substring(why + 4)))));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalStateException(FILE + ": " + line);
            }
        }
        return rows;
    }

    private static String text() throws IOException {
        try (var in = Objects.requireNonNull(BadValues.class.getResourceAsStream(FILE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String value(String written, Map<String, Path> places, String engine) {
        String value = written.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\s", " ")
                .replace("\\0", "\0")
                .replace("\\e", "\033")
                .replace("\\\\", "\\")
                .replace("{empty}", "")
                .replace("{engine}", engine);
        return PLACE.matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? "a".repeat(Integer.parseInt(found.group(2)))
                                : Objects.requireNonNull(places.get(found.group(2)), found.group())
                                        .toString()));
    }
}
