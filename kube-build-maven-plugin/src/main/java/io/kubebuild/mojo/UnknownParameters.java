package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptor;

/**
 * Finds mistyped parameters on the command line, which Maven would accept and ignore. A property of another plugin whose name
 * begins with {@code kube.} as well is left alone, unless it is nearly the name of one of ours.
 */
final class UnknownParameters {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(kube\\.[\\w.-]+)}");

    /** Letters that may differ before a name is no longer taken for a mistyped one. */
    private static final int NEAR = 2;

    private final TreeSet<String> known = new TreeSet<>();

    UnknownParameters(PluginDescriptor plugin) {
        for (MojoDescriptor goal : plugin.getMojos()) {
            List<Parameter> parameters = goal.getParameters() == null ? List.of() : goal.getParameters();
            parameters.stream()
                    .map(Parameter::getExpression)
                    .filter(Objects::nonNull)
                    .map(EXPRESSION::matcher)
                    .filter(Matcher::matches)
                    .forEach(matcher -> known.add(matcher.group(1)));
        }
    }

    /** A problem for each property that is nearly, but not quite, one of ours. */
    List<Problem> among(Collection<String> properties) {
        return properties.stream()
                .filter(property -> property.startsWith("kube.") && !known.contains(property))
                .sorted()
                .flatMap(property -> nearest(property).stream()
                        .map(meant -> new Problem(
                                "-D" + property + " is no parameter of this plugin",
                                "",
                                "did you mean -D" + meant + "?")))
                .toList();
    }

    private Optional<String> nearest(String property) {
        return known.stream()
                .filter(name -> distance(name, property) <= NEAR || name.equalsIgnoreCase(property))
                .min(Comparator.comparingInt(name -> distance(name, property)));
    }

    /** Levenshtein's distance: insertions, deletions and replacements from one text to the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
