package io.kubebuild.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs that the configuration of a repository names ({@code .git/config}, what it includes, {@code config.worktree}). Whoever gave
 * us the tree may have written it, so git runs none of them. What the user's own and the system's configuration name stays.
 *
 * <p>So a filter that only the repository names does not run, and files that it would change count as changed.
 */
final class RepositoryPrograms {

    /** Whoever set them: they change nothing of the answers. Old gits take "false" for the name of a program. */
    private static final List<String> ALWAYS =
            List.of("core.fsmonitor=", "core.hookspath=/dev/null", "log.showsignature=false");

    /** Names of sections and keys are in lower case where git lists them. */
    private static final Pattern NAMES_A_PROGRAM = Pattern.compile(
            "core\\.(pager|editor|askpass|sshcommand|gitproxy|alternaterefscommand)|sequence\\.editor|pager\\..*"
                    + "|diff\\.external|diff\\..*\\.(command|textconv)|filter\\..*\\.(clean|smudge|process|required)"
                    + "|gpg\\.program|gpg\\..*\\.program|gpg\\.ssh\\.defaultkeycommand|tar\\..*\\.command"
                    + "|credential\\.(.*\\.)?helper|remote\\..*\\.(uploadpack|receivepack|vcs)|uploadpack\\.packobjectshook"
                    + "|status\\.submodulesummary",
            Pattern.DOTALL);

    /** What git does where nobody says anything, where that is not the empty text. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "gpg.program", "gpg",
            "gpg.openpgp.program", "gpg",
            "gpg.x509.program", "gpgsm",
            "gpg.ssh.program", "ssh-keygen",
            "status.submodulesummary", "false");

    private final Map<String, String> instead = new TreeMap<>();

    /**
     * Notes what a repository names.
     *
     * @param listed what {@code git config --list --show-scope -z} says in it
     */
    void addScoped(String listed) {
        String[] fields = listed.split("\0", -1);
        Map<String, String> ofOthers = new HashMap<>();
        List<String> own = new ArrayList<>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            Setting setting = Setting.of(fields[i + 1]);
            if (List.of("system", "global", "command").contains(fields[i])) {
                ofOthers.put(setting.key(), setting.value());
            } else {
                own.add(setting.key());
            }
        }
        note(own, ofOthers);
    }

    /**
     * Notes what a repository names, where git does not say what others do.
     *
     * @param listed what {@code git config --list --local -z} says in it
     */
    void addOwn(String listed) {
        note(
                Stream.of(listed.split("\0", -1))
                        .map(text -> Setting.of(text).key())
                        .toList(),
                Map.of());
    }

    private void note(List<String> own, Map<String, String> ofOthers) {
        own.stream()
                .filter(key -> NAMES_A_PROGRAM.matcher(key).matches())
                .forEach(key -> instead.put(key, ofOthers.getOrDefault(key, unset(key))));
    }

    private record Setting(String key, String value) {
        static Setting of(String text) {
            int newline = text.indexOf('\n');
            return newline < 0
                    ? new Setting(text, "true")
                    : new Setting(text.substring(0, newline), text.substring(newline + 1));
        }
    }

    private static String unset(String key) {
        return key.endsWith(".required") ? "false" : DEFAULTS.getOrDefault(key, "");
    }

    /** Options before git's verb. */
    List<String> options() {
        List<String> options = new ArrayList<>(List.of("--no-pager"));
        ALWAYS.forEach(setting -> options.addAll(List.of("-c", setting)));
        instead.forEach((key, value) -> {
            if (!key.contains("=")) {
                options.addAll(List.of("-c", key + "=" + value));
            }
        });
        return List.copyOf(options);
    }

    /**
     * The rest, as {@code GIT_CONFIG_PARAMETERS}: an option takes what is before the first equals sign for the key, and the name of a
     * filter may have one. A git that is too old for this (before 2.31) refuses to run.
     */
    String parameters() {
        List<String> words = new ArrayList<>();
        instead.forEach((key, value) -> {
            if (key.contains("=")) {
                words.add(quoted(key) + "=" + quoted(value));
            }
        });
        return String.join(" ", words);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''").replace("!", "'\\!'") + "'";
    }
}
