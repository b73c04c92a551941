package io.kubebuild.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words of a {@code docker build} or {@code docker buildx build} that matter for the image.
 *
 * @param tags names of the image
 * @param arguments build arguments
 * @param platform {@code --platform}
 * @param target {@code --target}
 * @param file {@code --file}, as written
 * @param context the build context, as written
 */
record DockerBuildArguments(
        List<String> tags,
        Map<String, String> arguments,
        Optional<String> platform,
        Optional<String> target,
        Optional<String> file,
        String context) {

    /** Options without a value of their own; the shim in {@code stage.sh} has the same list. */
    private static final Set<String> SWITCHES = Set.of(
            "-q",
            "--quiet",
            "--pull",
            "--push",
            "--load",
            "--no-cache",
            "--rm",
            "--force-rm",
            "--squash",
            "--compress",
            "--disable-content-trust",
            "-D",
            "--debug");

    static DockerBuildArguments parse(List<String> argv) {
        List<String> tags = new ArrayList<>();
        Map<String, String> arguments = new LinkedHashMap<>();
        Map<String, String> single = new LinkedHashMap<>();
        String context = "";
        List<String> words = argv.subList(argv.indexOf("build") + 1, argv.size());
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                context = word;
                continue;
            }
            if (SWITCHES.contains(word)) {
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            String value = equals >= 0 ? word.substring(equals + 1) : i + 1 < words.size() ? words.get(++i) : "";
            switch (option) {
                case "-t", "--tag" -> tags.add(value);
                case "--build-arg" -> {
                    int split = value.indexOf('=');
                    arguments.put(
                            split < 0 ? value : value.substring(0, split), split < 0 ? "" : value.substring(split + 1));
                }
                case "-f", "--file" -> single.put("file", value);
                default -> single.put(option, value);
            }
        }
        return new DockerBuildArguments(
                List.copyOf(tags),
                Map.copyOf(arguments),
                Optional.ofNullable(single.get("--platform")),
                Optional.ofNullable(single.get("--target")),
                Optional.ofNullable(single.get("file")),
                context);
    }
}
