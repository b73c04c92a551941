package io.kubebuild.image.base;

import io.kubebuild.image.ImageReference;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks several sources, one after the other. With the policy {@code always} the registry is put before the engine by whoever
 * makes the chain; archives that the user named come first in any case.
 */
public final class ChainedBaseImages {

    private final List<BaseImageSource> sources;

    public ChainedBaseImages(List<BaseImageSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /**
     * A base image that is needed.
     *
     * @param reference as the tree names it
     * @param platform {@code linux/arm64}
     */
    public record Wanted(ImageReference reference, String platform) {}

    /**
     * Finds all of them.
     *
     * @throws KubeException with a problem for each that no source has
     */
    public Map<Wanted, BaseImage> find(Collection<Wanted> wanted) {
        Map<Wanted, BaseImage> found = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Wanted one : wanted) {
            List<String> said = new ArrayList<>();
            for (BaseImageSource source : sources) {
                BaseImageSource.Answer answer = source.find(one.reference(), one.platform());
                if (answer instanceof BaseImageSource.Found image) {
                    found.put(one, image.image());
                    break;
                }
                if (answer instanceof BaseImageSource.Absent absent) {
                    said.add(absent.source() + ": " + absent.why());
                }
            }
            if (!found.containsKey(one)) {
                problems.add(missing(one, said));
            }
        }
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
        return found;
    }

    private static Problem missing(Wanted wanted, List<String> said) {
        String name = wanted.reference().familiar();
        return new Problem(
                "base image " + wanted.reference() + " for " + wanted.platform() + " is nowhere to be had",
                String.join("\n", said),
                "one of: docker pull --platform " + wanted.platform() + " " + name
                        + "\nname a mirror: -Dkube.mirrors="
                        + wanted.reference().registry() + "=<mirror>"
                        + "\nload it into the engine (docker load -i <file>), or name such a file: -Dkube.baseImageArchives="
                        + name + "=<file>");
    }
}
