package io.kubebuild.image.build;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The Dockerfile of trees to v1.4, which adds the sources and the version to the build image ({@code build/build-image/Dockerfile};
 * kube::build::build_image and kube::build::update_dockerfile, build/common.sh).
 *
 * <p>Here sources come into the data container, as in all later trees: an image would have to be built anew for each change. So what
 * brings them is left out, and so are the proxies of v1.2, which would stay in the image.
 */
final class BakedDockerfile {

    private static final Pattern SOURCES =
            Pattern.compile("(?m)^[ \\t]*(?:ADD|COPY)[ \\t]+(?:\\./)?kube-source\\.tar\\.gz[ \\t]");

    /** What is brought by other ways: sources, version, proxies. */
    private static final Pattern BROUGHT =
            Pattern.compile("(?s)\\s*(?:(?:ADD|COPY)\\s+\\S*kube-(?:source\\.tar\\.gz|version-defs)\\s.*"
                    + "|RUN\\s+chmod\\s+\\S+\\s+/kube-version-defs\\s*|ENV\\s.*KUBE_BUILD_(?:HTTPS?|NO)_PROXY.*)");

    /** Upstream ran as root up to v1.3; whoever else compiles must be able to install packages of the standard library. */
    private static final String WRITABLE = "RUN mkdir -p /usr/local/go/pkg && chmod -R a+rwx /usr/local/go/pkg\n";

    private BakedDockerfile() {}

    static boolean addsSources(String dockerfile) {
        return SOURCES.matcher(dockerfile).find();
    }

    static String withoutSources(String dockerfile) {
        return instructions(dockerfile).stream()
                        .filter(instruction -> !BROUGHT.matcher(instruction).matches())
                        .collect(Collectors.joining("\n"))
                + "\n" + WRITABLE;
    }

    /** Lines, each with those that it is continued on. */
    private static List<String> instructions(String dockerfile) {
        List<String> instructions = new ArrayList<>();
        boolean open = false;
        for (String line : dockerfile.split("\n", -1)) {
            int last = instructions.size() - 1;
            if (open) {
                instructions.set(last, instructions.get(last) + "\n" + line);
            } else {
                instructions.add(line);
            }
            open = line.stripTrailing().endsWith("\\");
        }
        return instructions;
    }
}
