package io.kubebuild.tree;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a tree's own scripts say about it: targets, platforms, images, and the Go that they find. Made by {@link DescriptionProbe}.
 *
 * @param records name to values, as {@code describe.sh} wrote them: variables under their own names, everything else under
 *     names with a blank in them or in lower case
 */
public record Description(Map<String, List<String>> records) {

    public Description {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        records.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        records = java.util.Collections.unmodifiableMap(copy);
    }

    /**
     * A server image.
     *
     * @param binary the program in it, and the image's name
     * @param base reference of the image that it is built on
     */
    public record ServerImage(String binary, String base) {}

    /**
     * Reads what {@code describe.sh} wrote.
     *
     * @throws KubeException where the text is cut off, of another format, or a part that nothing can replace failed
     */
    public static Description parse(byte[] bytes) {
        Map<String, List<String>> records = new LinkedHashMap<>();
        List<String> failures = new ArrayList<>();
        String[] fields = new String(bytes, StandardCharsets.UTF_8).split("\0", -1);
        boolean ended = false;
        for (int i = 0; i + 1 < fields.length && !ended; ) {
            String name = fields[i];
            int count = count(fields[i + 1]);
            if (count < 0 || i + 2 + count > fields.length) {
                break;
            }
            List<String> values = List.of(fields).subList(i + 2, i + 2 + count);
            i += 2 + count;
            if (name.equals("end")) {
                ended = true;
            } else if (name.equals("problem")) {
                failures.add(String.join(": ", values));
            } else {
                // Two parts may name the same variable; the later one has read more of the scripts.
                records.put(name, values);
            }
        }
        if (!ended || !records.getOrDefault("format", List.of()).equals(List.of("1"))) {
            throw KubeException.build(
                    "the description of the tree is incomplete",
                    "it was cut off while it was written or read",
                    "run the build again; -Dkube.force=true describes the tree anew");
        }
        if (!failures.isEmpty()) {
            throw KubeException.user(
                    "the tree's own scripts cannot be read by bash",
                    LastLines.of(String.join("\n", failures)),
                    "restore hack/ and build/ of the tree from its Kubernetes release, or correct the line named");
        }
        return new Description(records);
    }

    private static int count(String field) {
        try {
            return Integer.parseInt(field);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The form that {@link #parse} reads. */
    public byte[] serialize() {
        StringBuilder text = new StringBuilder();
        records.forEach((name, values) -> append(text, name, values));
        append(text, "end", List.of());
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, String name, List<String> values) {
        text.append(name).append('\0').append(values.size()).append('\0');
        values.forEach(value -> text.append(value).append('\0'));
    }

    /** Values of a variable of the scripts; empty where the tree does not have it. A scalar is a list of one. */
    public Optional<List<String>> variable(String name) {
        return Optional.ofNullable(records.get(name));
    }

    /** Value of a scalar variable; empty where the tree does not have it or it is empty. */
    public Optional<String> scalar(String name) {
        return variable(name)
                .filter(values -> values.size() == 1)
                .map(values -> values.get(0))
                .filter(value -> !value.isEmpty());
    }

    /** Targets of a group in the tree's order; empty where the tree does not have the group. */
    public List<String> targets(TargetGroup group) {
        return ofGroup(group, "_TARGETS");
    }

    /** File names of a group's binaries, without {@code .exe}, in the tree's order. */
    public List<String> binaries(TargetGroup group) {
        return targets(group).stream()
                .map(target -> target.substring(target.lastIndexOf('/') + 1))
                .toList();
    }

    /** Platforms that the tree builds a group for, after KUBE_BUILD_PLATFORMS and KUBE_FASTBUILD had their say. */
    public List<Platform> platforms(TargetGroup group) {
        List<String> own = ofGroup(group, "_PLATFORMS");
        boolean hasOwn = group.prefixes().stream().anyMatch(prefix -> records.containsKey(prefix + "_PLATFORMS"));
        return platforms(hasOwn ? own : records.getOrDefault(group.platformsFrom() + "_PLATFORMS", List.of()));
    }

    /** Platforms that the tree can build a group for. */
    public List<Platform> supportedPlatforms(TargetGroup group) {
        return Stream.concat(group.prefixes().stream(), Stream.of(group.platformsFrom()))
                .map(prefix -> records.get("supported " + prefix + "_PLATFORMS"))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .map(Description::platforms)
                .orElse(List.of());
    }

    /** Platforms that the tree can build anything for, sorted. */
    public List<Platform> supportedPlatforms() {
        return records.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("supported "))
                .flatMap(entry -> platforms(entry.getValue()).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Targets of all groups, each once. */
    public List<String> allTargets() {
        Set<String> all = new LinkedHashSet<>();
        for (TargetGroup group : TargetGroup.values()) {
            all.addAll(targets(group));
        }
        all.addAll(records.getOrDefault("KUBE_ALL_TARGETS", List.of()));
        return List.copyOf(all);
    }

    /** What the test tarball holds besides binaries, paths relative to the root (KUBE_TEST_PORTABLE). */
    public List<String> portableTestFiles() {
        return records.getOrDefault("KUBE_TEST_PORTABLE", List.of());
    }

    /** Names of programs that are linked statically (KUBE_STATIC_BINARIES, earlier KUBE_STATIC_LIBRARIES). */
    public List<String> staticBinaries() {
        return variable("KUBE_STATIC_BINARIES")
                .or(() -> variable("KUBE_STATIC_LIBRARIES"))
                .orElse(List.of());
    }

    /** Server images for an architecture (kube::build::get_docker_wrapped_binaries, build/common.sh); empty where there are none. */
    public List<ServerImage> serverImages(String arch) {
        return records.getOrDefault("images " + arch, List.of()).stream()
                .filter(word -> word.contains(","))
                .map(word -> word.split(",", 2))
                .map(parts -> new ServerImage(parts[0], parts[1]))
                .toList();
    }

    /** Whether any script of the tree reads a variable of the user; where none does, the variable would change nothing. */
    public boolean knows(String variable) {
        return records.getOrDefault("knows", List.of()).contains(variable);
    }

    /** Whether the scripts have a function. */
    public boolean hasFunction(String name) {
        return records.getOrDefault("functions", List.of()).contains(name);
    }

    /** The Go that is there: {@code go1.22.12}, {@code devel go1.25-abcdef}; empty where there is none. */
    public Optional<String> go() {
        return scalar("go");
    }

    /** Whether sources are generated before a compile; later trees have them in git. */
    public boolean generatesFiles() {
        return records.getOrDefault("generates", List.of()).contains("true");
    }

    private List<String> ofGroup(TargetGroup group, String ending) {
        return group.prefixes().stream()
                .map(prefix -> records.get(prefix + ending))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .map(values -> values.stream().filter(value -> !value.isBlank()).toList())
                .orElse(List.of());
    }

    private static List<Platform> platforms(List<String> words) {
        return words.stream()
                .map(Platform::parse)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
