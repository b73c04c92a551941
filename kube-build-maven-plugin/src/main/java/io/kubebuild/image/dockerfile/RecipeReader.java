package io.kubebuild.image.dockerfile;

import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a Dockerfile into a recipe, as far as it keeps to FROM, ARG, COPY, ENV, LABEL, USER, WORKDIR, ENTRYPOINT, CMD and a
 * RUN that is one setcap. Everything else is left to the engine, with the reason.
 */
public final class RecipeReader {

    /** What came of it. */
    public sealed interface Reading {}

    /** The whole Dockerfile was understood. */
    public record Understood(ImageRecipe recipe) implements Reading {}

    /** It was not; {@code reason} names line and instruction. */
    public record NotUnderstood(String reason) implements Reading {}

    private final Map<String, String> buildArguments;
    private final Map<String, String> automatic;
    private final Map<String, String> global = new LinkedHashMap<>();
    private final List<Stage> stages = new ArrayList<>();

    private RecipeReader(Map<String, String> buildArguments, Platform target, Platform build) {
        this.buildArguments = Map.copyOf(buildArguments);
        this.automatic = automatic(target, build);
        global.putAll(automatic);
    }

    /** Arguments that every Dockerfile has without declaring them before its first FROM. */
    static Map<String, String> automatic(Platform target, Platform build) {
        return Map.of(
                "TARGETPLATFORM", target.toString(),
                "TARGETOS", target.os(),
                "TARGETARCH", target.arch(),
                "TARGETVARIANT", "",
                "BUILDPLATFORM", build.toString(),
                "BUILDOS", build.os(),
                "BUILDARCH", build.arch(),
                "BUILDVARIANT", "");
    }

    /**
     * Reads.
     *
     * @param buildArguments as {@code --build-arg} would give them
     * @param target what the image is for
     * @param build what the builder runs on
     */
    public static Reading read(
            Dockerfile dockerfile, Map<String, String> buildArguments, Platform target, Platform build) {
        RecipeReader reader = new RecipeReader(buildArguments, target, build);
        try {
            for (Instruction instruction : dockerfile.instructions()) {
                reader.take(instruction);
            }
        } catch (NotUnderstoodException e) {
            return new NotUnderstood(String.valueOf(e.getMessage()));
        }
        if (reader.stages.isEmpty()) {
            return new NotUnderstood("it has no FROM");
        }
        return new Understood(reader.last().recipe());
    }

    private Stage last() {
        return stages.get(stages.size() - 1);
    }

    private void take(Instruction instruction) throws NotUnderstoodException {
        if (stages.isEmpty()
                && !instruction.keyword().equals("ARG")
                && !instruction.keyword().equals("FROM")) {
            throw new NotUnderstoodException(instruction, "it comes before FROM");
        }
        if (instruction.text().contains("<<")) {
            throw new NotUnderstoodException(instruction, "it may hold a here-document");
        }
        switch (instruction.keyword()) {
            case "FROM" -> from(instruction);
            case "ARG" -> arg(instruction);
            case "COPY" -> copy(instruction);
            case "RUN" -> run(instruction);
            case "ENV" -> pairs(instruction, last().environment);
            case "LABEL" -> pairs(instruction, last().labels);
            case "USER" -> last().user = words(instruction).expand(plain(instruction));
            case "WORKDIR" -> workdir(instruction);
            case "ENTRYPOINT" -> {
                last().entrypoint = Arguments.of(instruction);
                // The base's command was meant for the base's entry point.
                if (!last().commandIsOwn) {
                    last().command = List.of();
                }
            }
            case "CMD" -> {
                last().command = Arguments.of(instruction);
                last().commandIsOwn = true;
            }
            default -> throw new NotUnderstoodException(instruction, "this instruction is not read");
        }
    }

    private Words words(Instruction instruction) {
        return new Words(instruction, last().variables());
    }

    /** The text of an instruction that takes no flags. */
    private static String plain(Instruction instruction) throws NotUnderstoodException {
        if (!instruction.flags().isEmpty()) {
            throw new NotUnderstoodException(instruction, "its flags are not read");
        }
        return instruction.text();
    }

    private void from(Instruction instruction) throws NotUnderstoodException {
        Words words = new Words(instruction, global);
        List<String> parts = words.split(instruction.text());
        boolean named = parts.size() == 3 && parts.get(1).equalsIgnoreCase("AS");
        if (!named && parts.size() != 1) {
            throw new NotUnderstoodException(instruction, "it is not FROM image [AS name]");
        }
        String name = named ? parts.get(2).toLowerCase(Locale.ROOT) : "";
        String base = parts.get(0);
        if (base.isEmpty()) {
            throw new NotUnderstoodException(instruction, "its image is empty");
        }
        Map<String, String> flags = new LinkedHashMap<>(instruction.flags());
        Optional<String> platform = Optional.empty();
        String written = flags.remove("platform");
        if (written != null) {
            platform = Optional.of(words.expand(written));
        }
        if (!flags.isEmpty()) {
            throw new NotUnderstoodException(instruction, "its flags are not read");
        }
        Optional<Stage> earlier = stages.stream()
                .filter(stage -> stage.name.equals(base.toLowerCase(Locale.ROOT)))
                .reduce((first, second) -> second);
        stages.add(earlier.isPresent() ? new Stage(name, earlier.get()) : new Stage(name, base, platform));
    }

    private void arg(Instruction instruction) throws NotUnderstoodException {
        boolean before = stages.isEmpty();
        Map<String, String> scope = before ? global : last().arguments;
        for (String raw : Words.rawWords(plain(instruction))) {
            int equals = raw.indexOf('=');
            String name = equals < 0 ? raw : raw.substring(0, equals);
            Words words = before ? new Words(instruction, global) : words(instruction);
            String value = buildArguments.get(name);
            if (value == null && equals >= 0) {
                value = words.expand(raw.substring(equals + 1));
            }
            if (value == null) {
                value = before ? automatic.get(name) : global.get(name);
            }
            // Declared without a value: it is there, and empty.
            scope.put(name, value == null ? "" : value);
        }
    }

    private void pairs(Instruction instruction, Map<String, String> into) throws NotUnderstoodException {
        List<String> raw = Words.rawWords(plain(instruction));
        if (raw.isEmpty()) {
            throw new NotUnderstoodException(instruction, "it names nothing");
        }
        // All values of one instruction see the variables as they were before it.
        Words words = words(instruction);
        if (raw.get(0).indexOf('=') < 0) {
            String name = raw.get(0);
            into.put(
                    name,
                    words.expand(instruction.text().substring(name.length()).strip()));
            return;
        }
        Map<String, String> read = new LinkedHashMap<>();
        for (String word : raw) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw new NotUnderstoodException(instruction, "'" + word + "' is not name=value");
            }
            read.put(words.expand(word.substring(0, equals)), words.expand(word.substring(equals + 1)));
        }
        into.putAll(read);
    }

    private void workdir(Instruction instruction) throws NotUnderstoodException {
        String path = absolute(instruction, words(instruction).expand(plain(instruction)));
        last().directory = path;
        last().contents.add(new ImageRecipe.Directory(path));
    }

    private String absolute(Instruction instruction, String path) throws NotUnderstoodException {
        String directory = last().directory;
        if (!path.startsWith("/") && directory == null) {
            throw new NotUnderstoodException(instruction, "'" + path + "' depends on the base image's directory");
        }
        String whole = path.startsWith("/") ? path : directory + "/" + path;
        return java.nio.file.Path.of(whole).normalize().toString();
    }

    private void copy(Instruction instruction) throws NotUnderstoodException {
        Map<String, String> flags = new LinkedHashMap<>(instruction.flags());
        String from = flags.remove("from");
        Optional<Integer> mode = mode(instruction, flags.remove("chmod"));
        if (!flags.isEmpty()) {
            throw new NotUnderstoodException(instruction, "its flags " + flags.keySet() + " are not read");
        }
        List<String> words = instruction.text().startsWith("[")
                ? words(instruction).expandAll(Arguments.of(instruction))
                : words(instruction).split(instruction.text());
        if (words.size() < 2) {
            throw new NotUnderstoodException(instruction, "it does not name a source and a target");
        }
        List<String> sources = words.subList(0, words.size() - 1);
        String written = words.get(words.size() - 1);
        boolean directory = written.endsWith("/") || written.endsWith("/.") || written.equals(".");
        String path = absolute(instruction, written);
        String target = directory && !path.equals("/") ? path + "/" : path;
        if (sources.size() > 1 && !directory) {
            throw new NotUnderstoodException(instruction, "several sources need a target that ends with a slash");
        }
        for (String source : sources) {
            if (source.matches(".*[*?\\[].*") || source.contains("..")) {
                throw new NotUnderstoodException(instruction, "patterns are not read: " + source);
            }
            last().contents
                    .add(
                            from == null
                                    ? new ImageRecipe.Copy(relative(source), target, mode, Optional.empty())
                                    : copied(instruction, words(instruction).expand(from), source, target, mode));
        }
    }

    private static String relative(String source) {
        String path = java.nio.file.Path.of("/" + source).normalize().toString().substring(1);
        return source.endsWith("/") && !path.isEmpty() ? path + "/" : path;
    }

    private static Optional<Integer> mode(Instruction instruction, @org.jspecify.annotations.Nullable String chmod)
            throws NotUnderstoodException {
        if (chmod == null) {
            return Optional.empty();
        }
        if (!chmod.matches("[0-7]{3,4}")) {
            throw new NotUnderstoodException(instruction, "--chmod=" + chmod + " is not octal");
        }
        return Optional.of(Integer.parseInt(chmod, 8));
    }

    /** A file of another stage has to be one that this stage copied from the context. */
    private ImageRecipe.Copy copied(
            Instruction instruction, String from, String source, String target, Optional<Integer> mode)
            throws NotUnderstoodException {
        Stage stage = stage(instruction, from);
        String path = java.nio.file.Path.of("/" + source).normalize().toString();
        ImageRecipe.Copy origin = Contents.copyTo(stage.contents, path)
                .orElseThrow(() -> new NotUnderstoodException(
                        instruction, path + " is nothing that stage " + from + " copied from the context"));
        boolean directory = target.endsWith("/");
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new ImageRecipe.Copy(
                origin.source(), directory ? target + name : target, mode.or(origin::mode), origin.capability());
    }

    private Stage stage(Instruction instruction, String from) throws NotUnderstoodException {
        int current = stages.size() - 1;
        for (int i = current - 1; i >= 0; i--) {
            if (stages.get(i).name.equals(from.toLowerCase(Locale.ROOT)) || from.equals(Integer.toString(i))) {
                return stages.get(i);
            }
        }
        throw new NotUnderstoodException(instruction, "'" + from + "' is no earlier stage");
    }

    private void run(Instruction instruction) throws NotUnderstoodException {
        String text = plain(instruction);
        List<String> words = text.startsWith("[")
                ? Arguments.of(instruction)
                : text.matches(".*[;&|<>`()\\n].*")
                        ? List.of()
                        : words(instruction).split(text);
        Optional<FileCapability> capability = words.size() == 3 && words.get(0).matches("(?:/usr)?(?:/sbin/)?setcap")
                ? FileCapability.parse(words.get(1))
                : Optional.empty();
        if (capability.isEmpty()) {
            throw new NotUnderstoodException(instruction, "only RUN setcap <capabilities> <file> is read");
        }
        String path = absolute(instruction, words.get(2));
        List<ImageRecipe.Content> contents = last().contents;
        ImageRecipe.Copy copy = Contents.copyTo(contents, path)
                .orElseThrow(() -> new NotUnderstoodException(instruction, path + " was not copied from the context"));
        contents.set(
                contents.indexOf(copy), new ImageRecipe.Copy(copy.source(), copy.target(), copy.mode(), capability));
    }
}
