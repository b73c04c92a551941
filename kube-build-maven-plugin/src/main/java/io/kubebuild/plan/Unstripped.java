package io.kubebuild.plan;

import java.util.regex.Pattern;

/**
 * Go commands without the linker's flags that drop symbols. For trees that give them in any case ({@code kube::golang::build_binaries},
 * hack/lib/golang.sh of v1.13 and v1.14): there is no variable that would keep them out.
 */
public final class Unstripped {

    private static final Pattern STRIPS = Pattern.compile("(?<=^|\\s)-[sw](?=\\s|$)\\s*");

    private Unstripped() {}

    /** The same recording, with no command that strips. */
    public static Recording of(Recording recording) {
        return new Recording(
                recording.request(),
                recording.root(),
                recording.toolchain(),
                recording.commands().stream().map(Unstripped::of).toList());
    }

    private static GoCommand of(GoCommand command) {
        return command.withFlagValue(
                "ldflags", flags -> STRIPS.matcher(flags).replaceAll("").strip());
    }
}
