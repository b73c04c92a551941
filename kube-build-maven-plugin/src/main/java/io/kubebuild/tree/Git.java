package io.kubebuild.tree;

import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the git program about a tree; never changes anything, not even git's index. Nobody else starts git on this machine.
 *
 * <p>The program is looked up on the PATH of the environment given. It runs without the caller's {@code GIT_DIR} and its
 * like (a Maven run inside a git hook has them set, for another repository) and in the C locale, as answers are read.
 *
 * <p>Nothing that the repository's own configuration names is run ({@link RepositoryPrograms}), and nothing is fetched: a partial clone
 * that lacks an object is an error.
 *
 * <p>Started by {@link ProcessBuilder}: the command lines of plexus-utils always add the process's own environment, so a
 * variable could only be replaced and never be taken away, and an empty {@code GIT_DIR} is an error to git.
 */
public final class Git {

    /**
     * Where the user's settings come from; without them safe.directory and the like would be lost. {@code GIT_CONFIG_PARAMETERS} is
     * none of them: it holds the options of the git command that started Maven.
     */
    private static final Pattern KEPT = Pattern.compile("GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_.*|VALUE_.*)"
            + "|GIT_CEILING_DIRECTORIES|GIT_DISCOVERY_ACROSS_FILESYSTEM|GIT_EXEC_PATH");

    /** Mode of a submodule in git's index. */
    private static final String SUBMODULE = "160000 ";

    private static final Pattern DUBIOUS = Pattern.compile("dubious ownership in repository at '([^']+)'");

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * @param directory physical path of the tree's root
     * @param environment environment of the process, for PATH, HOME and git's configuration
     */
    public Git(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = sanitised(environment);
    }

    private Git(Git other, Map<String, String> more) {
        this.directory = other.directory;
        this.environment = new TreeMap<>(other.environment);
        environment.putAll(more);
    }

    /** The same tree with another repository. */
    Git in(Path repository) {
        return new Git(this, Map.of("GIT_DIR", repository.toString(), "GIT_WORK_TREE", directory.toString()));
    }

    /** The same repository as it is, without grafts and objects that stand for others. */
    Git unchanged() {
        return new Git(this, Map.of("GIT_NO_REPLACE_OBJECTS", "1", "GIT_GRAFT_FILE", "/dev/null"));
    }

    /** What git can say about the tree. */
    public sealed interface Access {}

    /** The tree is the work tree of a repository with at least one commit. */
    public record Usable() implements Access {}

    /** There is no git program on the PATH. */
    public record NoProgram() implements Access {}

    /** The tree is in no repository. */
    public record NoRepository() implements Access {}

    /** The tree lies inside the work tree of another repository, whose commits say nothing about it. */
    public record Foreign(Path topLevel) implements Access {}

    /** The repository is another user's, and git refuses to read it. */
    public record DubiousOwnership(String repository) implements Access {}

    /** Git refuses for another reason, in its words. */
    public record Refused(String message) implements Access {}

    /** Finds out what git can say. */
    public Access access() {
        if (program().isEmpty()) {
            return new NoProgram();
        }
        Answer top = run("rev-parse", "--show-toplevel");
        if (top.code() != 0) {
            Matcher dubious = DUBIOUS.matcher(top.errors());
            if (dubious.find()) {
                return new DubiousOwnership(dubious.group(1));
            }
            return top.errors().contains("not a git repository")
                    ? new NoRepository()
                    : new Refused(LastLines.of(top.errors().strip()));
        }
        Path topLevel = Path.of(top.line());
        if (!sameDirectory(topLevel)) {
            return new Foreign(topLevel);
        }
        Answer head = run("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        return head.code() == 0 ? new Usable() : new Refused("the repository has no commit yet");
    }

    /** Why git can say nothing, in words; empty where it can. */
    public String reason(Access access) {
        if (access instanceof NoProgram) {
            return "there is no git program on the PATH";
        } else if (access instanceof NoRepository) {
            return directory + " is in no git repository";
        } else if (access instanceof Foreign foreign) {
            return directory + " lies in the repository " + foreign.topLevel() + ", whose commits are not Kubernetes'";
        } else if (access instanceof DubiousOwnership dubious) {
            return "git refuses " + dubious.repository() + " because it belongs to another user (dubious ownership)";
        } else if (access instanceof Refused refused) {
            return refused.message();
        }
        return "";
    }

    /** Full id of the commit that is checked out; empty where there is none. */
    public Optional<String> head() {
        return lineOf("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
    }

    /** Short name of the branch; empty when the head is detached ({@code git symbolic-ref --short -q HEAD}). */
    public Optional<String> branch() {
        return lineOf("symbolic-ref", "--short", "-q", "HEAD");
    }

    /**
     * The branch that the tree's owner is on, where git tells this user nothing because the tree is another one's; empty where git does, or
     * the head is detached. No program runs for it.
     */
    public Optional<String> branchOfOwner() {
        if (!(access() instanceof DubiousOwnership)) {
            return Optional.empty();
        }
        try {
            Path repository = directory.resolve(".git");
            if (Files.isRegularFile(repository)) {
                repository =
                        directory.resolve(Files.readString(repository).strip().replaceFirst("^gitdir: ", ""));
            }
            String head = Files.readString(repository.resolve("HEAD")).strip();
            String branch = "ref: refs/heads/";
            return head.startsWith(branch) ? Optional.of(head.substring(branch.length())) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * What else than the commit itself {@code git archive} writes into its files: branches and tags that point to it ({@code %D}), and
     * its short id ({@code %h}), which grows with the repository. Empty where the repository does not have the commit.
     */
    public String archivedNames(String commit) {
        return lineOf("show", "-s", "--no-show-signature", "--format=%h %D", commit + "^{commit}")
                .orElse("");
    }

    /** Time of a commit in seconds since 1970; empty where the repository does not have the commit. */
    public OptionalLong commitTime(String commit) {
        Optional<String> line = lineOf("show", "-s", "--no-show-signature", "--format=%ct", commit + "^{commit}");
        return line.isPresent() ? OptionalLong.of(Long.parseLong(line.get().strip())) : OptionalLong.empty();
    }

    /**
     * The nearest tag, as {@code git describe --tags --abbrev=14} puts it.
     *
     * @param match glob that tags must match; empty for every tag, as trees before v1.16 have it
     */
    public Optional<String> describe(String commit, Optional<String> match) {
        List<String> words = new ArrayList<>(List.of("describe", "--tags"));
        match.ifPresent(glob -> words.add("--match=" + glob));
        words.addAll(List.of("--abbrev=14", commit + "^{commit}"));
        return lineOf(words.toArray(String[]::new));
    }

    /** Whether history is cut off ({@code git clone --depth}). */
    public boolean shallow() {
        return lineOf("rev-parse", "--is-shallow-repository")
                .filter("true"::equals)
                .isPresent();
    }

    /** Changed and untracked paths relative to the root, as {@code git status --porcelain} finds them; sorted. */
    public List<String> changed() {
        String output = must("status", "--porcelain", "-z", "--untracked-files=normal");
        List<String> paths = new ArrayList<>();
        String[] fields = output.split("\0", -1);
        for (int i = 0; i < fields.length; i++) {
            String field = fields[i];
            if (field.length() < 4) {
                continue;
            }
            paths.add(field.substring(3));
            // A rename or copy carries the path that it came from in a field of its own.
            if (field.charAt(0) == 'R' || field.charAt(0) == 'C') {
                i++;
                if (i < fields.length) {
                    paths.add(fields[i]);
                }
            }
        }
        return paths.stream().sorted().distinct().toList();
    }

    /** Files below a directory that git neither tracks nor ignores; sorted. */
    public List<String> untracked(String directory) {
        String output = must("ls-files", "-z", "--others", "--exclude-standard", "--", ":(literal)" + directory);
        return Stream.of(output.split("\0"))
                .filter(path -> !path.isEmpty())
                .sorted()
                .toList();
    }

    /**
     * Which of these paths the index has, or has files below.
     *
     * @param paths relative to the root, taken as they are
     */
    public Set<String> tracked(Collection<String> paths) {
        List<String> words = new ArrayList<>(List.of("ls-files", "-z", "--"));
        paths.forEach(path -> words.add(":(literal)" + path));
        List<String> found = List.of(must(words.toArray(String[]::new)).split("\0", -1));
        return paths.stream()
                .filter(path -> found.stream().anyMatch(file -> file.equals(path) || file.startsWith(path + "/")))
                .collect(Collectors.toSet());
    }

    /** Paths that git ignores, directories with a trailing slash where all in them is ignored; sorted. */
    public List<String> ignored() {
        String output = must("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory");
        return Stream.of(output.split("\0"))
                .filter(path -> !path.isEmpty())
                .sorted()
                .toList();
    }

    /**
     * Writes a commit's files as a tar archive; returns after the last byte, and only where git ended well.
     *
     * @param prefix what comes before every path; empty for nothing
     */
    public void archive(String commit, Optional<String> prefix, OutputStream tar) throws IOException {
        List<String> words = new ArrayList<>(List.of("archive", "--format=tar"));
        prefix.ifPresent(text -> words.add("--prefix=" + text));
        words.add(commit);
        Ended ended = run(Optional.empty(), tar, words.toArray(String[]::new));
        if (ended.code() != 0) {
            throw KubeException.build(
                    "git archive of " + directory + " failed with exit code " + ended.code(),
                    LastLines.of(ended.errors().strip()),
                    "Run it by hand to see more: git -C " + directory + " " + String.join(" ", words) + " >/dev/null");
        }
    }

    /** The git program on the PATH. */
    public Optional<Path> program() {
        String path = environment.getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, "git"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** The tree that is asked about. */
    Path directory() {
        return directory;
    }

    /** A file of the repository, whether it is there or not: worktrees share some. */
    Path file(String name) {
        return directory.resolve(must("rev-parse", "--git-path", name).strip());
    }

    /** What git says; empty where it says no. */
    Optional<String> answer(String... words) {
        Answer answer = run(words);
        return answer.code() == 0 ? Optional.of(answer.output()) : Optional.empty();
    }

    /** What git prints, into a stream, for what it reads from a file. */
    void pipe(Path input, OutputStream output, String... words) throws IOException {
        Ended ended = run(Optional.of(input), output, words);
        if (ended.code() != 0) {
            throw failed(ended.errors(), words);
        }
    }

    /** The same, where it does not matter if git says no. */
    void feed(Path input, OutputStream output, String... words) throws IOException {
        run(Optional.of(input), output, words);
    }

    /** What git prints. */
    String must(String... words) {
        Answer answer = run(words);
        if (answer.code() != 0) {
            throw failed(answer.errors(), words);
        }
        return answer.output();
    }

    private KubeException failed(String errors, String... words) {
        return KubeException.build(
                "git " + words[0] + " failed in " + directory,
                LastLines.of(errors.strip()),
                "run it in that directory and repair the repository");
    }

    private Optional<String> lineOf(String... words) {
        if (program().isEmpty()) {
            return Optional.empty();
        }
        Answer answer = run(words);
        return answer.code() == 0 && !answer.line().isEmpty() ? Optional.of(answer.line()) : Optional.empty();
    }

    private record Answer(int code, String output, String errors) {
        String line() {
            int end = output.indexOf('\n');
            return end < 0 ? output : output.substring(0, end);
        }
    }

    private Answer run(String... words) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            Ended ended = run(Optional.empty(), output, words);
            return new Answer(ended.code(), output.toString(StandardCharsets.UTF_8), ended.errors());
        } catch (IOException e) {
            throw KubeException.build(
                    "git cannot be run in " + directory,
                    String.valueOf(e.getMessage()),
                    "check " + program().map(Path::toString).orElse("PATH"),
                    e);
        }
    }

    private record Ended(int code, String errors) {}

    private Ended run(Optional<Path> input, OutputStream output, String... words) throws IOException {
        RepositoryPrograms programs = new RepositoryPrograms();
        // Only a status looks into submodules, with the configuration of each.
        note(programs, directory, words[0].equals("status"));
        return start(input, output, directory, programs, List.of(words));
    }

    private void note(RepositoryPrograms programs, Path repository, boolean submodules) throws IOException {
        Answer scoped = ask(repository, programs, "config", "--list", "--show-scope", "-z");
        if (scoped.code() == 0) {
            programs.addScoped(scoped.output());
        } else {
            // Before 2.26 git does not tell whose a setting is.
            programs.addOwn(ask(repository, programs, "config", "--list", "--local", "--includes", "-z")
                    .output());
        }
        if (submodules) {
            for (String entry : ask(repository, programs, "ls-files", "--stage", "-z")
                    .output()
                    .split("\0", -1)) {
                if (entry.startsWith(SUBMODULE)) {
                    Path submodule = RawName.resolve(repository, entry.substring(entry.indexOf('\t') + 1));
                    if (Files.exists(submodule.resolve(".git"))) {
                        note(programs, submodule, true);
                    }
                }
            }
        }
    }

    private Answer ask(Path repository, RepositoryPrograms programs, String... words) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Ended ended = start(Optional.empty(), output, repository, programs, List.of(words));
        return new Answer(ended.code(), output.toString(StandardCharsets.UTF_8), ended.errors());
    }

    private Ended start(
            Optional<Path> input, OutputStream output, Path repository, RepositoryPrograms programs, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program()
                .orElseThrow(() -> new IOException("there is no git on the PATH"))
                .toString());
        command.addAll(programs.options());
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (!programs.parameters().isEmpty()) {
            builder.environment().put("GIT_CONFIG_PARAMETERS", programs.parameters());
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> allOf(process.getErrorStream()));
            try (InputStream in = process.getInputStream()) {
                in.transferTo(output);
            }
            return new Ended(process.waitFor(), errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("interrupted while git " + words.get(0) + " ran", "", "run the build again", e);
        } finally {
            process.destroy();
        }
    }

    private static String allOf(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean sameDirectory(Path other) {
        try {
            return Files.isSameFile(directory, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, String> sanitised(Map<String, String> environment) {
        Map<String, String> clean = new TreeMap<>(environment);
        clean.keySet()
                .removeIf(name -> name.startsWith("GIT_") && !KEPT.matcher(name).matches());
        clean.put("LC_ALL", "C");
        // Reading must neither wait for nor take a lock, so that a read-only tree works.
        clean.put("GIT_OPTIONAL_LOCKS", "0");
        clean.put("GIT_TERMINAL_PROMPT", "0");
        // Not even what a partial clone lacks: no protocol is allowed, whatever a configuration says.
        clean.put("GIT_ALLOW_PROTOCOL", "");
        clean.put("GIT_NO_LAZY_FETCH", "1");
        return clean;
    }
}
