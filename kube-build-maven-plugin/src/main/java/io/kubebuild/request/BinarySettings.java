package io.kubebuild.request;

import io.kubebuild.tree.Platform;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In what the programs differ from those of a release.
 *
 * @param debug neither stripped nor optimised; upstream's DBG, in all versions
 * @param race with Go's race detector (KUBE_RACE)
 * @param coverage with counters of what ran (KUBE_BUILD_WITH_COVERAGE)
 * @param cgo names of programs that are built with cgo although the tree links them statically (KUBE_CGO_OVERRIDES)
 * @param statics names of programs that are linked statically although the tree does not (KUBE_STATIC_OVERRIDES)
 * @param compilers C compilers of platforms ({@code KUBE_<OS>_<ARCH>_CC})
 */
public record BinarySettings(
        boolean debug,
        boolean race,
        boolean coverage,
        List<String> cgo,
        List<String> statics,
        SortedMap<Platform, String> compilers) {

    /** As in a release. */
    public static final BinarySettings NONE =
            new BinarySettings(false, false, false, List.of(), List.of(), new TreeMap<>());

    public BinarySettings {
        cgo = List.copyOf(cgo);
        statics = List.copyOf(statics);
        compilers = Collections.unmodifiableSortedMap(new TreeMap<>(compilers));
    }
}
