package io.kubebuild.mojo;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of one parameter.
 *
 * @param property as on the command line ({@code kube.git.version})
 * @param variable upstream's environment variable, where there is one
 */
record ParameterName(String property, Optional<String> variable) {

    private static final Pattern WORD = Pattern.compile("[.-](\\w)");

    static ParameterName of(String property) {
        return new ParameterName(property, Optional.empty());
    }

    static ParameterName of(String property, String variable) {
        return new ParameterName(property, Optional.of(variable));
    }

    /** The name of its POM element: {@code kube.git.version} is {@code gitVersion}. */
    String element() {
        String name = property.startsWith("kube.") ? property.substring("kube.".length()) : property;
        return WORD.matcher(name).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
