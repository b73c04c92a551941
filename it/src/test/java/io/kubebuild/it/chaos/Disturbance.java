package io.kubebuild.it.chaos;

import java.io.IOException;

/** What is done to a build, its tree or its surroundings. */
@FunctionalInterface
interface Disturbance {

    /** Does it, and puts the surroundings right again; returns what the disturbed builds said. */
    String happensOn(Stage stage) throws IOException;
}
