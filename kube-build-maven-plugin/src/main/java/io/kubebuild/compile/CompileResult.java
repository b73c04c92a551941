package io.kubebuild.compile;

import io.kubebuild.plan.PromisedOutput;
import java.util.List;

/**
 * What a compile left behind.
 *
 * @param outputs every promised output; all exist and are what they should be
 * @param rebuilt how many of them are new; the others were up to date
 * @param placed how many differed from what lay in their place
 */
public record CompileResult(List<PromisedOutput> outputs, int rebuilt, int placed) {
    public CompileResult {
        outputs = List.copyOf(outputs);
    }
}
