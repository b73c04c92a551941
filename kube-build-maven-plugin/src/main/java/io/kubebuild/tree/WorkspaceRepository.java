package io.kubebuild.tree;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.OwnFiles;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code .git} that a workspace gets. It is made of the tree's own, and says the same of the sources to {@code git status}, {@code
 * git log}, {@code git describe} and to go, which writes the commit and from 1.24 on the version into programs: the commit that is
 * checked out with all its files, the commits before it without theirs, the tags on them, the index.
 *
 * <p>What nobody needs there stays here: remotes with their tokens, headers and credentials of any configuration, hooks, logs,
 * stashes, other branches, commits and tags that do not belong to this history.
 */
public final class WorkspaceRepository {

    /** Grows when what is made of the same repository changes. */
    private static final String FORMAT = "3";

    /** Settings that say which files in the work tree count as changed; taken over from whoever set them. */
    private static final Set<String> ABOUT_FILES = Set.of(
            "core.autocrlf",
            "core.eol",
            "core.filemode",
            "core.sparsecheckout",
            "core.symlinks",
            "status.showuntrackedfiles");

    /** Values of these are words; what else stands there is nothing that git would understand. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");

    /** A submodule in what {@code git ls-files --stage -v -z} says. */
    private static final Pattern SUBMODULE = Pattern.compile("(?<=^|\\x00). 160000 [0-9a-f]+ \\d\t([^\\x00]+)");

    /** A changed file in what {@code git diff-files --raw -z} says: mode and content as the index has them, and path. */
    private static final Pattern CHANGED =
            Pattern.compile("(?<=^|\\x00):(1[02]\\d{4}) \\d+ ([0-9a-f]+) [0-9a-f]+ [MT]\\x00([^\\x00]+)");

    /** Which files are ignored, how their lines end, and where history is cut off. */
    private static final List<String> ABOUT_PATHS = List.of("info/exclude", "info/attributes", "info/sparse-checkout");

    private final Git git;

    /** @param git of a tree whose {@link Git#access} is usable */
    public WorkspaceRepository(Git git) {
        this.git = git.unchanged();
    }

    /** What the repository would be made of; changes where another one would be made. */
    public String fingerprint() throws IOException {
        String entries = entries();
        Fingerprint.Builder inputs = Fingerprint.builder()
                .add("format", FORMAT)
                .add("commit", commit())
                .add(
                        "tags",
                        Fingerprint.sha256(git.must("for-each-ref", "--format=%(objectname) %(refname)", "refs/tags")))
                .add("index", Fingerprint.sha256(entries))
                .add("submodules", String.join("\0", changedSubmodules(entries)))
                .add("configuration", configuration())
                .add("shallow", text("shallow"));
        for (String name : ABOUT_PATHS) {
            inputs.add(name, text(name));
        }
        return inputs.build().id();
    }

    /** Makes it in a directory that is not there yet. */
    public void make(Path directory) throws IOException {
        ConfinedDirectory repository = new ConfinedDirectory(directory);
        for (String name : List.of("objects/pack", "objects/info", "refs/heads", "refs/tags", "info")) {
            repository.directory(name);
        }
        repository.write("HEAD", file -> file.text(commit() + "\n"));
        repository.write("config", file -> file.text(configuration()));
        String tags = git.must("for-each-ref", "--merged=HEAD", "--format=%(objectname) %(refname)", "refs/tags");
        repository.write("packed-refs", file -> file.text(tags));
        Path revisions = OwnFiles.temporary("kube-build-", ".revisions");
        Path objects = OwnFiles.temporary("kube-build-", ".objects");
        try {
            // Commits and tags, and nothing of what was committed then.
            byte[] all = (commit() + "\n" + tags.replaceAll("(?m) .*$", "")).getBytes(StandardCharsets.ISO_8859_1);
            OwnFiles.write(revisions, all);
            try (OutputStream list = new BufferedOutputStream(OwnFiles.write(objects))) {
                // Some gits look for the trees of a partial clone all the same.
                git.pipe(
                        revisions,
                        list,
                        "rev-list",
                        "--objects",
                        "--filter=tree:0",
                        "--missing=allow-promisor",
                        "--stdin");
                shallow(repository, list, objects);
                // With those of its parents, as git show compares them. A partial clone may lack some, which nobody
                // will miss.
                git.pipe(
                        revisions, list, "rev-list", "--objects", "--no-walk", "--missing=allow-any", "HEAD", "HEAD^@");
            }
            pack(repository, objects);
            // Go 1.24 asks each time which tags belong to this history. A shallow repository has no use for it, and
            // says so.
            OwnFiles.write(revisions, (commit() + "\n").getBytes(StandardCharsets.ISO_8859_1));
            git.in(directory)
                    .feed(revisions, OutputStream.nullOutputStream(), "commit-graph", "write", "--stdin-commits");
        } finally {
            Files.deleteIfExists(revisions);
            Files.deleteIfExists(objects);
        }
        for (String name : ABOUT_PATHS) {
            copy(git.file(name), repository, name);
        }
        index(repository);
    }

    private void pack(ConfinedDirectory repository, Path objects) throws IOException {
        git.pipe(
                objects,
                OutputStream.nullOutputStream(),
                "pack-objects",
                "-q",
                "--delta-base-offset",
                "--window=0",
                repository.resolve("objects/pack/pack").toString());
    }

    private String commit() {
        return git.must("rev-parse", "--verify", "HEAD^{commit}").strip();
    }

    /** Where history is cut off, as far as it is this history, whose commits have been listed. */
    private void shallow(ConfinedDirectory repository, OutputStream list, Path listed) throws IOException {
        Set<String> cut = text("shallow").lines().collect(Collectors.toSet());
        if (cut.isEmpty()) {
            return;
        }
        list.flush();
        try (Stream<String> lines = Files.lines(listed, StandardCharsets.ISO_8859_1)) {
            String here = lines.filter(cut::contains).map(id -> id + "\n").collect(Collectors.joining());
            if (!here.isEmpty()) {
                repository.write("shallow", file -> file.text(here));
            }
        }
    }

    /**
     * The index as one file, which knows how the files look. Of that git compares size and time in the workspace: inodes and the like are
     * others there.
     */
    private void index(ConfinedDirectory repository) throws IOException {
        if (!copy(git.file("index"), repository, "index")) {
            return;
        }
        String shared = git.must("rev-parse", "--shared-index-path").strip();
        String part = shared.substring(shared.lastIndexOf('/') + 1);
        if (!part.isEmpty()) {
            copy(git.directory().resolve(shared), repository, part);
        }
        Git made = git.in(repository.path());
        // It says no where files differ from the index, which is what status will say, too. All that is known of the
        // files counts here, where they are the ones that the index knows.
        made.answer(
                "-c",
                "core.checkstat=default",
                "-c",
                "core.trustctime=true",
                "-c",
                "index.sparse=false",
                "update-index",
                "-q",
                "--index-version",
                "4",
                "--no-split-index",
                "--no-untracked-cache",
                "--no-fsmonitor",
                "--refresh");
        forgetChanged(made);
        for (String path : changedSubmodules(entries())) {
            // Any other commit than the one that is there.
            made.must("update-index", "--cacheinfo", "160000", commit(), path);
        }
        // The oldest format, for whichever git the workspace has. A change of the format has git write it anew.
        made.answer("-c", "index.sparse=false", "-c", "index.skipHash=false", "update-index", "--index-version", "2");
        if (!part.isEmpty()) {
            repository.delete(part);
        }
    }

    /**
     * Leaves nothing in the index of how changed files looked. In the workspace a change of the same second and size could not be told
     * from what is committed: archives carry whole seconds.
     */
    private static void forgetChanged(Git made) throws IOException {
        Path list = OwnFiles.temporary("kube-build-", ".changed");
        try {
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            made.pipe(
                    list,
                    changed,
                    "-c",
                    "core.checkstat=default",
                    "-c",
                    "core.trustctime=true",
                    "diff-files",
                    "--raw",
                    "-z");
            // Paths are bytes.
            String entries = CHANGED.matcher(changed.toString(StandardCharsets.ISO_8859_1))
                    .results()
                    .map(found -> found.group(1) + " " + found.group(2) + " 0\t" + found.group(3) + "\0")
                    .collect(Collectors.joining());
            OwnFiles.write(list, entries.getBytes(StandardCharsets.ISO_8859_1));
            made.pipe(list, OutputStream.nullOutputStream(), "update-index", "-z", "--index-info");
        } finally {
            Files.deleteIfExists(list);
        }
    }

    private String entries() {
        return git.must("ls-files", "--stage", "-v", "-z");
    }

    /** Submodules that are not as the index has them: the workspace gets their files and no repository that could tell. */
    private List<String> changedSubmodules(String entries) {
        List<String> all = SUBMODULE
                .matcher(entries)
                .results()
                .map(found -> found.group(1))
                .toList();
        if (all.isEmpty()) {
            return List.of();
        }
        List<String> words =
                new ArrayList<>(List.of("status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--"));
        all.forEach(path -> words.add(":(literal)" + path));
        return Stream.of(git.must(words.toArray(String[]::new)).split("\0", -1))
                .filter(line -> line.length() > 3 && line.charAt(1) != ' ')
                .map(line -> line.substring(3))
                .toList();
    }

    /** Names of submodules about which the tree says what to ignore, which has a higher rank than what is said of all. */
    private List<String> ruledSubmodules() {
        String key = "submodule.";
        String end = ".ignore";
        return git.answer(
                        "config",
                        "--file",
                        ".gitmodules",
                        "--name-only",
                        "-z",
                        "--get-regexp",
                        "^submodule\\..*\\.ignore$")
                .map(names -> Stream.of(names.split("\0", -1))
                        .filter(name -> name.length() > key.length() + end.length())
                        .map(name -> name.substring(key.length(), name.length() - end.length()))
                        .sorted()
                        .distinct()
                        .toList())
                .orElseGet(List::of);
    }

    private String configuration() {
        Map<String, String> found = new TreeMap<>();
        git.answer("config", "--list", "-z").ifPresent(list -> Stream.of(list.split("\0", -1))
                .map(setting -> setting.split("\n", 2))
                .filter(setting -> ABOUT_FILES.contains(setting[0]) && setting.length == 2)
                .filter(setting -> WORD.matcher(setting[1]).matches())
                .forEach(setting -> found.put(setting[0], setting[1])));
        boolean sha256 = git.answer("rev-parse", "--show-object-format")
                .map(String::strip)
                .filter("sha256"::equals)
                .isPresent();
        StringBuilder text = new StringBuilder(sha256 ? "[extensions]\n\tobjectformat = sha256\n" : "");
        found.put("core.repositoryformatversion", sha256 ? "1" : "0");
        found.put("core.bare", "false");
        // Otherwise it depends on how many objects a repository has.
        found.put(
                "core.abbrev",
                Integer.toString(
                        git.must("rev-parse", "--short", "HEAD").strip().length()));
        // Inodes and the like are others in the workspace.
        found.put("core.checkstat", "minimal");
        found.put("core.trustctime", "false");
        found.put("gc.auto", "0");
        // They are found in the contents of files, of which a partial clone may lack some.
        found.put("status.renames", "false");
        // They have repositories of their own, which do not travel; the index says which are changed.
        found.put("diff.ignoresubmodules", "all");
        found.forEach((key, value) -> {
            int dot = key.indexOf('.');
            text.append(String.format(
                    Locale.ROOT, "[%s]\n\t%s = %s\n", key.substring(0, dot), key.substring(dot + 1), value));
        });
        for (String name : ruledSubmodules()) {
            text.append("[submodule \"")
                    .append(name.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"]\n\tignore = all\n");
        }
        return text.toString();
    }

    private String text(String name) throws IOException {
        Path file = git.file(name);
        return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    }

    private static boolean copy(Path from, ConfinedDirectory to, String name) throws IOException {
        if (!Files.isRegularFile(from)) {
            return false;
        }
        // Git looks into the files that are not older than the index.
        long modified = Files.getLastModifiedTime(from).to(TimeUnit.NANOSECONDS);
        try (InputStream content = Files.newInputStream(from)) {
            to.write(name, file -> {
                file.content(content);
                file.modified(modified);
            });
        }
        return true;
    }
}
