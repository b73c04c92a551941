package io.kubebuild.step;

import io.kubebuild.event.Outcome;
import io.kubebuild.request.StepName;

/** One of the six steps. It may rely on every earlier step having run and standing. */
interface Step {

    StepName name();

    /** Does the step's work, or finds that it stands. */
    Outcome run(BuildContext context) throws InterruptedException;

    /**
     * What an earlier run of this step left, checked against what is there now: empty where the step must run before a later
     * one can.
     */
    boolean stands(BuildContext context) throws InterruptedException;
}
