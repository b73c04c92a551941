package io.kubebuild.mojo;

import io.kubebuild.image.ImageReference;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.PackagingSettings;
import io.kubebuild.request.ScriptSettings;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.tree.GoVersion;
import io.kubebuild.tree.Platform;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the tree's scripts are told beside what to build, read from the parameters for it. */
final class ScriptParts {

    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Pattern GO = Pattern.compile("local|go[0-9]{1,3}(\\.[0-9]{1,3}){1,2}((rc|beta)[0-9]{1,3})?");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern CGROUP =
            Pattern.compile("(?!(?:.*/)?\\.\\.(?:/|$))/?S(?:/S)*/?".replace("S", "[A-Za-z0-9_.@:-]{1,255}"));
    private static final int LONGEST_CGROUP = 1024;

    /** A program, by its name or path; what follows a blank would be read as another word. */
    private static final Pattern PROGRAM_WITH_PATH = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./+-]*");

    private static final Pattern COMPILER = Pattern.compile("KUBE_([A-Z0-9]+)_([A-Z0-9]+)_CC");

    private final ParameterReader reader;
    private final KubeMojo mojo;

    ScriptParts(ParameterReader reader, KubeMojo mojo) {
        this.reader = reader;
        this.mojo = mojo;
    }

    ScriptSettings settings() {
        return new ScriptSettings(binaries(), tools(), packaging());
    }

    private BinarySettings binaries() {
        return new BinarySettings(
                reader.flag(ParameterName.of("kube.debug", "DBG"), mojo.debug, "1", "0")
                        .orElse(false),
                race(),
                reader.flag(ParameterName.of("kube.coverage", "KUBE_BUILD_WITH_COVERAGE"), mojo.coverage, "y", "n")
                        .orElse(false),
                programs(ParameterName.of("kube.cgoOverrides", "KUBE_CGO_OVERRIDES"), mojo.cgoOverrides),
                programs(ParameterName.of("kube.staticOverrides", "KUBE_STATIC_OVERRIDES"), mojo.staticOverrides),
                compilers());
    }

    /** Upstream's variable holds the flag itself. */
    private boolean race() {
        ParameterName name = ParameterName.of("kube.race", "KUBE_RACE");
        if (mojo.race != null && !mojo.race.isBlank()) {
            return reader.flag(name, mojo.race).orElse(false);
        }
        return reader.parsed(name, null, flag -> Optional.of(flag).filter("-race"::equals), "-race, or nothing")
                .isPresent();
    }

    private List<String> programs(ParameterName name, @Nullable List<String> given) {
        return reader.words(
                name,
                given,
                word -> Optional.of(word).filter(w -> PROGRAM.matcher(w).matches()),
                "names of programs without a path, such as kubectl");
    }

    private SortedMap<Platform, String> compilers() {
        SortedMap<Platform, String> compilers = new TreeMap<>();
        // Each platform has a variable of its own; a parameter for one leaves those of the others.
        new TreeMap<>(mojo.environment).keySet().forEach(variable -> compiler(variable)
                .ifPresent(platform -> reader.text(ParameterName.of("kube.compilers", variable), null)
                        .ifPresent(compiler -> compilers.put(platform, compiler))));
        String allowed = "GOOS/GOARCH=COMPILER, such as linux/arm64=aarch64-linux-gnu-gcc";
        ParameterName name = ParameterName.of("kube.compilers");
        Map<Platform, String> given = new TreeMap<>();
        for (Map.Entry<String, String> pair : reader.pairs(name, mojo.compilers, allowed)) {
            Optional<Platform> platform = Platform.parse(pair.getKey());
            if (platform.isEmpty()
                    || !PROGRAM_WITH_PATH.matcher(pair.getValue()).matches()) {
                refuse(
                        "kube.compilers",
                        pair,
                        platform.isEmpty() ? "for no platform" : "no name of a program",
                        allowed);
            } else {
                refuseSecond("kube.compilers", pair, given.put(platform.get(), pair.getValue()));
            }
        }
        compilers.putAll(given);
        return compilers;
    }

    private void refuse(String property, Map.Entry<String, String> pair, String why, String allowed) {
        reader.problem(new Problem(
                property + " has " + ShownValue.of(pair.getKey() + "=" + pair.getValue()) + ", which is " + why,
                "",
                "allowed: " + allowed));
    }

    private void refuseSecond(String property, Map.Entry<String, String> pair, @Nullable String other) {
        if (other != null && !other.equals(pair.getValue())) {
            reader.problem(new Problem(
                    property + " names " + other + " and " + pair.getValue() + " for " + pair.getKey(),
                    "",
                    "leave one of them out"));
        }
    }

    private static Optional<Platform> compiler(String variable) {
        Matcher matcher = COMPILER.matcher(variable);
        return matcher.matches()
                ? Optional.of(new Platform(
                        matcher.group(1).toLowerCase(Locale.ROOT),
                        matcher.group(2).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    private ToolSettings tools() {
        // Upstream takes "auto" for not said.
        boolean said = !mojo.environment.getOrDefault("GOTOOLCHAIN", "auto").equals("auto");
        return new ToolSettings(
                reader.parsed(
                        said
                                ? ParameterName.of("kube.goToolchain", "GOTOOLCHAIN")
                                : ParameterName.of("kube.goToolchain"),
                        mojo.goToolchain,
                        text -> Optional.of(text).filter(ScriptParts::isToolchain),
                        "local, or a release of Go such as go1.22.5"),
                reader.parsed(
                        ParameterName.of("kube.crossImage", "KUBE_CROSS_IMAGE"),
                        mojo.crossImage,
                        text -> Optional.of(text).filter(ScriptParts::isNameOfImage),
                        "the name of an image without its tag, such as registry.example.com/kube-cross; the tag is"
                                + " kube.crossVersion"),
                reader.parsed(
                        ParameterName.of("kube.crossVersion", "KUBE_CROSS_VERSION"),
                        mojo.crossVersion,
                        text -> Optional.of(text).filter(t -> TAG.matcher(t).matches()),
                        "a tag such as v1.15.5-1"));
    }

    /** From 1.21 on {@code go1.22} is the language, and no release that could be fetched. */
    private static boolean isToolchain(String text) {
        return GO.matcher(text).matches()
                && GoVersion.parse(text).filter(GoVersion::isLanguage).isEmpty();
    }

    private static boolean isNameOfImage(String text) {
        return !text.contains("@")
                && text.lastIndexOf(':') <= text.lastIndexOf('/')
                && ImageReference.parse(text).isPresent();
    }

    private PackagingSettings packaging() {
        return new PackagingSettings(
                baseImages(),
                reader.flag(
                        ParameterName.of("kube.mondoTestTarball", "KUBE_BUILD_MONDO_TEST_TARBALL"),
                        mojo.mondoTestTarball,
                        "y",
                        "n"));
    }

    private SortedMap<String, String> baseImages() {
        SortedMap<String, String> images = new TreeMap<>();
        for (String variable : PackagingSettings.BASES.values()) {
            image(ParameterName.of("kube.baseImages", variable)).ifPresent(image -> images.put(variable, image));
        }
        String names = PackagingSettings.BASES.keySet().stream().sorted().collect(Collectors.joining(", "));
        Map<String, String> given = new TreeMap<>();
        for (Map.Entry<String, String> pair : reader.pairs(
                ParameterName.of("kube.baseImages"),
                mojo.baseImages,
                "NAME=IMAGE, such as go-runner=registry.example.com/go-runner:v2.3.1")) {
            String variable = PackagingSettings.BASES.get(pair.getKey());
            if (variable == null || ImageReference.parse(pair.getValue()).isEmpty()) {
                refuse(
                        "kube.baseImages",
                        pair,
                        variable == null ? "for no base that can be chosen" : "no image",
                        "NAME=IMAGE, the name one of " + names);
            } else {
                refuseSecond("kube.baseImages", pair, given.put(variable, pair.getValue()));
            }
        }
        images.putAll(given);
        return images;
    }

    private Optional<String> image(ParameterName name) {
        return reader.parsed(
                name,
                null,
                text -> Optional.of(text).filter(t -> ImageReference.parse(t).isPresent()),
                "the name of an image");
    }

    /** Where Go fetches modules; it belongs to the network and not to what is built. */
    Optional<String> goProxy() {
        return reader.parsed(
                ParameterName.of("kube.goProxy", "GOPROXY"),
                Address.text(mojo.goProxy),
                text -> Optional.of(text)
                        .filter(t -> Stream.of(t.split("[,|]", -1)).allMatch(UrlForms::isModuleProxy)),
                "URLs, direct or off, separated by , or |");
    }

    /** The build container's; it belongs to the engine. */
    Optional<String> cgroupParent() {
        return reader.parsed(
                ParameterName.of("kube.cgroupParent", "DOCKER_CGROUP_PARENT"),
                mojo.cgroupParent,
                text -> Optional.of(text)
                        .filter(t -> t.length() <= LONGEST_CGROUP
                                && CGROUP.matcher(t).matches()),
                "a cgroup as the engine names it, such as /builds or builds.slice");
    }
}
