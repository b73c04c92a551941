package io.kubebuild.mojo;

import java.util.Locale;
import java.util.Optional;

/**
 * The names of one parameter.
 *
 * @param property as on the command line ({@code kube.git.version})
 * @param variable upstream's environment variable, where there is one
 */
record ParameterName(String property, Optional<String> variable) {

    static ParameterName of(String property) {
        return new ParameterName(property, Optional.empty());
    }

    static ParameterName of(String property, String variable) {
        return new ParameterName(property, Optional.of(variable));
    }

    /** The name of its POM element: {@code kube.git.version} is {@code gitVersion}. */
    String element() {
        String[] words = (property.startsWith("kube.") ? property.substring("kube.".length()) : property).split("\\.");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return name.toString();
    }
}
