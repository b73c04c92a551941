package io.kubebuild.it;

import java.nio.file.Path;
import java.util.Optional;

/** Where the parts of these tests are: what the POM hands to them. */
public final class Bench {

    private Bench() {}

    public static Path directory(String property) {
        return Path.of(value(property));
    }

    public static String value(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .orElseThrow(() -> new IllegalStateException(property + " is not set: run the tests with mvn verify"));
    }
}
