package io.kubebuild.compile;

import io.kubebuild.plan.PromisedOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a compile left behind.
 *
 * @param outputs every promised output; all exist and are what they should be
 * @param rebuilt how many of them go wrote anew; with {@code -buildid=} among the linker's flags, upstream's default from v1.19,
 *     go cannot tell that a program is up to date and links it every time
 * @param placed how many differ from what lay in their place before: what is new for everybody who reads them
 * @param packages import paths of the packages that an output is made of, by the output's placed path; without outputs of which go did
 *     not tell
 */
public record CompileResult(List<PromisedOutput> outputs, int rebuilt, int placed, Map<String, Set<String>> packages) {
    public CompileResult {
        outputs = List.copyOf(outputs);
        packages = Map.copyOf(packages);
    }
}
