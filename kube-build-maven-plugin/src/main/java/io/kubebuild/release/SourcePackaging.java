package io.kubebuild.release;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a tree packs its sources, read from the text of its {@code kube::release::package_src_tarball}.
 *
 * @param archivesCleanTrees whether a clean tree is packed by {@code git archive} (from v1.10 on)
 * @param archivePrefix what {@code git archive} puts before every path; empty for nothing
 * @param prefix what comes before every path otherwise: {@code kubernetes/} or {@code ./}
 * @param leftOut top-level names that begin with one of these are not packed
 */
public record SourcePackaging(
        boolean archivesCleanTrees, Optional<String> archivePrefix, String prefix, List<String> leftOut) {

    private static final Pattern FUNCTION = Pattern.compile(
            "^(?:function )?kube::release::package_src_tarball\\(\\) \\{$(.*?)^}", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern LEFT_OUT =
            Pattern.compile("-path\\s+(?:\"?\\$\\{?KUBE_ROOT}?\"?|\\.)/([^\\s*\\\\]+)\\\\\\*");
    private static final Pattern ARCHIVE_PREFIX = Pattern.compile("git archive[^\\n]*--prefix[= ]\"?([^\\s\"]+)\"?");

    /** Trees to v1.4 pack the context of their build image. Ours has no sources in it: they are packed as v1.5 began to do. */
    private static final String OF_BUILD_IMAGE = "kube::release::package_build_image_tarball()";

    private static final SourcePackaging FIRST =
            new SourcePackaging(false, Optional.empty(), "./", List.of("_", ".git", ".config", ".gsutil"));

    public SourcePackaging {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads a tree's function.
     *
     * @param buildDirectory {@code build} or {@code build-tools}
     * @throws KubeException where the function has a form that we have not seen
     */
    public static SourcePackaging of(Path tree, String buildDirectory) throws IOException {
        for (String script : List.of("lib/release.sh", "common.sh")) {
            Path file = tree.resolve(buildDirectory).resolve(script);
            if (Files.isRegularFile(file)) {
                String text = Files.readString(file);
                Matcher function = FUNCTION.matcher(text);
                if (function.find()) {
                    return parse(function.group(1), file);
                }
                if (text.contains(OF_BUILD_IMAGE)) {
                    return FIRST;
                }
            }
        }
        throw unknown(
                tree.resolve(buildDirectory), "no script there has the function kube::release::package_src_tarball");
    }

    private static SourcePackaging parse(String body, Path file) {
        List<String> leftOut =
                LEFT_OUT.matcher(body).results().map(found -> found.group(1)).toList();
        if (leftOut.isEmpty()) {
            throw unknown(file, "its package_src_tarball does not say in a known way what it leaves out");
        }
        boolean transforms = body.contains("--transform");
        if (transforms && !body.contains("|kubernetes|")) {
            throw unknown(file, "its package_src_tarball changes paths in a way that is not known");
        }
        return new SourcePackaging(
                body.contains("git archive"),
                ARCHIVE_PREFIX
                        .matcher(body)
                        .results()
                        .map(found -> found.group(1))
                        .findFirst(),
                transforms ? "kubernetes/" : "./",
                leftOut);
    }

    private static KubeException unknown(Path file, String why) {
        return KubeException.user(
                "How this tree packs its sources is not understood: " + file,
                why,
                "Package what was compiled with the tree's own script: build/package-tarballs.sh");
    }
}
