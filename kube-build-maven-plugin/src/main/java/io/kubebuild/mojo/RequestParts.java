package io.kubebuild.mojo;

import io.kubebuild.image.PullPolicy;
import io.kubebuild.problem.Problem;
import io.kubebuild.release.gzip.ChunkedGzipOutputStream;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.Platform;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link BuildRequest}, each read from the parameters that belong to it. */
final class RequestParts {

    /** What every project inherits from the super POM of Maven 4: nobody has chosen it, and no commit is that old. */
    private static final String TIMESTAMP_OF_NOBODY = "1980-02-01T00:00:00Z";

    /** Of the year 9999: dates in programs and images have four digits for it. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * What a version may look like: {@code kube::version::ldflags} in upstream's hack/lib/version.sh refuses others, programs end at
     * their start with one that is not semantic, and the tag of an image has no more letters.
     */
    private static final Pattern VERSION = Pattern.compile("(?=.{1,128}$)vN(\\.N){1,2}(-W(\\.W)*)?(\\+W(\\.W)*)?"
            .replace("N", "(0|[1-9][0-9]{0,8})")
            .replace("W", "[0-9A-Za-z-]+"));

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
    private static final Pattern WORKSPACE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern MEMORY = Pattern.compile("([1-9][0-9]{0,5})([mMgG])");
    private static final long LEAST_MEMORY = 512L << 20;
    private static final Pattern NETWORK = Pattern.compile("auto|on");
    private static final Pattern LEVEL = Pattern.compile("[0-9]");
    private static final Pattern PORT =
            Pattern.compile("[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]");
    private static final Pattern COMPRESSION = Pattern.compile("[1-9]");

    private final ParameterReader reader;
    private final KubeMojo mojo;

    RequestParts(ParameterReader reader, KubeMojo mojo) {
        this.reader = reader;
        this.mojo = mojo;
    }

    BuildRequest.Selection selection(List<String> targets, BuildRequest.Packaging packaging) {
        return new BuildRequest.Selection(
                reader.words(
                        ParameterName.of("kube.platforms", "KUBE_BUILD_PLATFORMS"),
                        mojo.platforms,
                        Platform::parse,
                        "GOOS/GOARCH, such as linux/amd64 or windows/amd64"),
                reader.flag(ParameterName.of("kube.quick", "KUBE_FASTBUILD"), mojo.quick, "true", "false")
                        .orElse(mojo.isQuick()),
                targets,
                packaging,
                reader.flag(ParameterName.of("kube.conformance", "KUBE_BUILD_CONFORMANCE"), mojo.conformance, "y", "n"),
                reader.flag(ParameterName.of("kube.hyperkube", "KUBE_BUILD_HYPERKUBE"), mojo.hyperkube, "y", "n"));
    }

    /** Variables are not looked at here: for the version they keep upstream's rule, which ranks them differently. */
    BuildRequest.VersionSettings version(Optional<MavenProject> project) {
        return new BuildRequest.VersionSettings(
                matching(ParameterName.of("kube.git.version"), mojo.gitVersion, VERSION, "a version such as v1.20.2"),
                reader.parsed(
                        ParameterName.of("kube.git.treeState"),
                        mojo.gitTreeState,
                        state -> Optional.of(state).filter(List.of("clean", "dirty", "archive")::contains),
                        "clean, dirty or archive"),
                matching(ParameterName.of("kube.git.commit"), mojo.gitCommit, COMMIT, "7 to 64 hexadecimal digits"),
                number(
                        reader.parsed(
                                ParameterName.of("kube.sourceDateEpoch"),
                                mojo.sourceDateEpoch,
                                RequestParts::seconds,
                                "whole seconds since 1970, of a year of four digits, such as 1610560000 (date -d 2021-01-13 +%s)")),
                number(project.flatMap(this::outputTimestamp)));
    }

    /** @param coverage programs with counters can be compiled by the tree's make alone: it writes and deletes sources around them */
    BuildRequest.GoSettings go(boolean coverage) {
        String compiler = reader.parsed(
                        ParameterName.of("kube.compiler"),
                        mojo.compiler,
                        word -> Optional.of(word).filter(List.of("plan", "make")::contains),
                        "plan or make")
                .orElse("");
        if (coverage && compiler.equals("plan")) {
            reader.problem(new Problem(
                    "kube.compiler is plan, and kube.coverage needs make",
                    "the tree's scripts write a test beside each program and delete it again, which no plan can do",
                    "leave one of them out"));
        }
        return new BuildRequest.GoSettings(
                reader.textOrNone(
                        goFlags(), mojo.goFlags, GoFlags::ofCommand, "flags, each with its value, such as -tags=a,b"),
                reader.textOrNone(
                        ParameterName.of("kube.goLdFlags", "GOLDFLAGS"),
                        mojo.goLdFlags,
                        GoFlags::ofTool,
                        "flags of Go's linker, such as -s -w"),
                reader.textOrNone(
                        ParameterName.of("kube.goGcFlags", "GOGCFLAGS"),
                        mojo.goGcFlags,
                        GoFlags::ofTool,
                        "flags of Go's compiler, such as all=-N -l"),
                coverage || compiler.equals("make"));
    }

    /** The older name of the variable is still good where the newer one is not set, as upstream's Makefile has it from v1.8 on. */
    private ParameterName goFlags() {
        boolean older = !mojo.environment.getOrDefault("KUBE_GOFLAGS", "").isBlank();
        boolean newer = !mojo.environment.getOrDefault("GOFLAGS", "").isBlank();
        if (older && newer) {
            reader.problem(new Problem(
                    "KUBE_GOFLAGS and GOFLAGS are both set in the environment",
                    "they mean the same, and upstream's Makefile refuses to choose",
                    "unset KUBE_GOFLAGS"));
        }
        return older && !newer
                ? ParameterName.of("kube.goFlags", "KUBE_GOFLAGS")
                : ParameterName.of("kube.goFlags", "GOFLAGS");
    }

    BuildRequest.ImageSettings images(Path tree, FileParameters files) {
        ImageParts images = new ImageParts(reader);
        return new BuildRequest.ImageSettings(
                images.registry(ParameterName.of("kube.registry", "KUBE_DOCKER_REGISTRY"), mojo.registry),
                matching(
                        ParameterName.of("kube.imageTag", "KUBE_DOCKER_IMAGE_TAG"),
                        mojo.imageTag,
                        TAG,
                        "a tag of up to 128 letters, digits and _ . - that begins with neither . nor -"),
                images.registry(
                        ParameterName.of("kube.baseImageRegistry", "KUBE_BASE_IMAGE_REGISTRY"), mojo.baseImageRegistry),
                pull(),
                images.archives(mojo.baseImageArchives, tree, files));
    }

    BuildRequest.EngineSettings engine(FileParameters files) {
        EngineParts engine = new EngineParts(reader, files);
        Optional<String> host = engine.host(Address.text(mojo.dockerHost));
        return new BuildRequest.EngineSettings(
                host,
                engine.certificates(mojo.dockerCertPath, host),
                new ScriptParts(reader, mojo).cgroupParent(),
                matching(ParameterName.of("kube.network"), mojo.network, NETWORK, "auto or on")
                        .filter("on"::equals)
                        .isPresent(),
                memory());
    }

    private OptionalLong memory() {
        return reader.parsed(
                        ParameterName.of("kube.memory"),
                        mojo.memory,
                        RequestParts::bytes,
                        "a number with m or g, at least 512m, such as 6g")
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Bytes that a size like {@code 6g} stands for; empty where it is none, or too little to compile anything. */
    private static Optional<Long> bytes(String size) {
        Matcher parts = MEMORY.matcher(size);
        return parts.matches()
                ? Optional.of(Long.parseLong(parts.group(1)) << (parts.group(2).equalsIgnoreCase("g") ? 30 : 20))
                        .filter(bytes -> bytes >= LEAST_MEMORY)
                : Optional.empty();
    }

    BuildRequest.TransportSettings transport() {
        return new BuildRequest.TransportSettings(
                reader.parsed(
                                ParameterName.of("kube.transport"),
                                mojo.transport,
                                word -> Stream.of(BuildRequest.TransportSettings.Kind.values())
                                        .filter(kind -> kind.name()
                                                .toLowerCase(Locale.ROOT)
                                                .equals(word))
                                        .findFirst(),
                                "archive, bind or rsync")
                        .orElse(BuildRequest.TransportSettings.Kind.ARCHIVE),
                matching(
                                ParameterName.of("kube.rsync.port", "KUBE_RSYNC_PORT"),
                                mojo.rsyncPort,
                                PORT,
                                "1 to 65535, or 0")
                        .map(Integer::parseInt)
                        .orElse(0),
                matching(
                                ParameterName.of("kube.rsync.compress", "KUBE_RSYNC_COMPRESS"),
                                mojo.rsyncCompress,
                                LEVEL,
                                "0 to 9")
                        .map(Integer::parseInt)
                        .orElse(0));
    }

    BuildRequest.WorkspaceSettings workspace(FileParameters files) {
        return new WorkspaceParts(reader, files).read(mojo);
    }

    Optional<String> workspaceId() {
        return matching(
                ParameterName.of("kube.workspaceId"),
                mojo.workspaceId,
                WORKSPACE_ID,
                "up to 64 letters, digits and _ . -, a letter or digit first");
    }

    BuildRequest.Force force() {
        boolean everything =
                reader.flag(ParameterName.of("kube.force"), mojo.force).orElse(false);
        Map<StepName, Optional<Boolean>> single = new EnumMap<>(StepName.class);
        for (StepName step : StepName.values()) {
            String value =
                    switch (step) {
                        case VERIFY_PREREQS -> mojo.forceVerifyPrereqs;
                        case BUILD_IMAGE -> mojo.forceBuildImage;
                        case SYNC -> mojo.forceSync;
                        case CROSS_COMPILE -> mojo.forceCrossCompile;
                        case COPY_OUTPUT -> mojo.forceCopyOutput;
                        case PACKAGE_TARBALLS -> mojo.forcePackageTarballs;
                    };
            single.put(step, reader.flag(ParameterName.of("kube.force." + step.goal()), value));
        }
        Set<StepName> steps = single.entrySet().stream()
                .filter(step -> step.getValue().orElse(everything))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return new BuildRequest.Force(steps, everything);
    }

    int compressionLevel() {
        return matching(ParameterName.of("kube.compressionLevel"), mojo.compressionLevel, COMPRESSION, "1 to 9")
                .map(Integer::parseInt)
                .orElse(ChunkedGzipOutputStream.DEFAULT_LEVEL);
    }

    Optional<String> verbose() {
        return matching(ParameterName.of("kube.verbose", "KUBE_VERBOSE"), mojo.verbose, LEVEL, "0 to 9");
    }

    private PullPolicy pull() {
        ParameterName name = ParameterName.of("kube.pull", "KUBE_BUILD_PULL_LATEST_IMAGES");
        boolean ofVariable = mojo.pull == null || mojo.pull.isBlank();
        Map<String, PullPolicy> words = ofVariable
                ? Map.of("y", PullPolicy.ALWAYS, "n", PullPolicy.MISSING)
                : Map.of(
                        "always", PullPolicy.ALWAYS,
                        "missing", PullPolicy.MISSING,
                        "never", PullPolicy.NEVER);
        Function<String, Optional<PullPolicy>> parse =
                text -> Optional.ofNullable(words.get(text.toLowerCase(Locale.ROOT)));
        return reader.parsed(name, mojo.pull, parse, ofVariable ? "y or n" : "always, missing or never")
                .orElse(PullPolicy.MISSING);
    }

    private Optional<Long> outputTimestamp(MavenProject project) {
        String name = "project.build.outputTimestamp";
        String text = project.getProperties().getProperty(name, "").strip();
        // Maven's own plugins read a single character as "not reproducible", for POMs that inherit a timestamp.
        if (text.length() < 2 || text.equals(TIMESTAMP_OF_NOBODY)) {
            return Optional.empty();
        }
        Optional<Long> seconds = seconds(text).or(() -> instant(text));
        if (seconds.isEmpty()) {
            reader.problem(new Problem(
                    "<" + name + ">" + text + "</" + name + "> is not valid",
                    "",
                    "allowed: an ISO 8601 time such as 2021-01-13T12:00:00Z, or whole seconds since 1970"));
        }
        return seconds;
    }

    private Optional<String> matching(ParameterName name, @Nullable String value, Pattern form, String allowed) {
        return reader.parsed(
                name,
                value,
                text -> Optional.of(text).filter(t -> form.matcher(t).matches()),
                allowed);
    }

    private static Optional<Long> seconds(String text) {
        return text.matches("[0-9]{1,12}")
                ? Optional.of(Long.parseLong(text)).filter(seconds -> seconds <= LAST_SECOND)
                : Optional.empty();
    }

    private static Optional<Long> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toEpochSecond());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong number(Optional<Long> seconds) {
        return seconds.isPresent() ? OptionalLong.of(seconds.get()) : OptionalLong.empty();
    }
}
