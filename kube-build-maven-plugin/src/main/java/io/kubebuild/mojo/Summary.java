package io.kubebuild.mojo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** What became of each step of a build of one project, whether one goal runs all of them or, in the lifecycle, one each. */
final class Summary {

    private static final String KEY = Summary.class.getName();

    /** Warnings are told twice: where they arise, and at the end, where they are read. */
    private static final int REPEATED_WARNINGS = 20;

    private final List<String> steps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** That of a project's build, which begins where there is none. */
    static Summary of(@Nullable MavenProject project) {
        if (project == null) {
            return new Summary();
        }
        if (project.getContextValue(KEY) instanceof Summary begun) {
            return begun;
        }
        Summary summary = new Summary();
        project.setContextValue(KEY, summary);
        return summary;
    }

    void step(String name, String outcome, Duration took, String text) {
        steps.add(String.format(Locale.ROOT, "  %-17s %-10s %10s  %s", name, outcome, Wording.duration(took), text)
                .stripTrailing());
    }

    void warning(String text) {
        warnings.add(text);
    }

    /** Tells what is worth a summary, and begins anew. */
    void tell(Consumer<String> info, Consumer<String> warn) {
        if (steps.size() > 1) {
            info.accept("Summary:");
            steps.forEach(info);
        }
        if (warnings.size() > 1) {
            info.accept(warnings.size() + " warnings in all:");
            warnings.stream().limit(REPEATED_WARNINGS).forEach(warning -> warn.accept("  " + warning));
        }
        steps.clear();
        warnings.clear();
    }
}
