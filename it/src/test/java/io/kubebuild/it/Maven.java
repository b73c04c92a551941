package io.kubebuild.it;

import java.nio.file.Path;

/** The Mavens that the plugin supports. */
public enum Maven {
    MAVEN_3_8("it.maven38"),
    MAVEN_3_9("it.maven39"),
    MAVEN_4("it.maven4");

    private final String property;

    Maven(String property) {
        this.property = property;
    }

    /** Its option for a file that stands for the settings that it brings along; those of the user come on top. */
    String globalSettings() {
        return this == MAVEN_4 ? "--install-settings" : "--global-settings";
    }

    /** Where it is installed. */
    public Path home() {
        return Bench.directory(property);
    }
}
