package io.kubebuild.it.chaos;

import java.util.regex.Pattern;

/**
 * One case.
 *
 * @param name unique in its chapter, and the same in each run
 * @param says what the disturbed builds or the next one must say
 * @param disturbance what happens
 * @param ownEngine whether it takes an engine that nobody else uses
 */
record ChaosCase(String name, Pattern says, Disturbance disturbance, boolean ownEngine) {

    /** Where nothing has to be said, since nobody can notice. */
    static final String NOTHING = "";

    /** What the next build says where Maven itself could say nothing: why a step is not up to date, or that it is. */
    static final String NEXT = "because (?!it was asked for)|up to date";

    static ChaosCase of(String name, String says, Disturbance disturbance) {
        return new ChaosCase(name, Pattern.compile(says), disturbance, false);
    }

    /** The same on an engine that may be killed. */
    ChaosCase onOwnEngine() {
        return new ChaosCase(name, says, disturbance, true);
    }
}
