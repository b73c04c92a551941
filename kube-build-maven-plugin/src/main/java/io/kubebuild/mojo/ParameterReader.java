package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads parameters with one precedence: what the POM or {@code -D} gives, then upstream's environment variable, then nothing
 * (the tree decides). It collects what is wrong with any of them, to be thrown together, and where each value came from.
 *
 * <p>All values arrive as text: Maven's own converters turn a mistyped {@code true} into false, and name no property when an
 * enum does not fit.
 */
final class ParameterReader {

    /** What stands for "set, but empty": Maven reads an empty POM element as not set. */
    static final String NONE = "none";

    /** The longest names of images with two paths in front of them are shorter. */
    private static final int LONGEST_WORD = 4096;

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private final Map<String, String> environment;
    private final Properties userProperties;
    private final Properties projectProperties;
    private final List<Problem> problems = new ArrayList<>();
    private final List<BuildListener.Fact> origins = new ArrayList<>();

    /**
     * @param environment the process environment
     * @param userProperties what {@code -D} gave
     * @param projectProperties the POM's properties; empty without a POM
     */
    ParameterReader(Map<String, String> environment, Properties userProperties, Properties projectProperties) {
        this.environment = Map.copyOf(environment);
        this.userProperties = userProperties;
        this.projectProperties = projectProperties;
    }

    /** A text; blank is not given. */
    Optional<String> text(ParameterName name, @Nullable String value) {
        return given(name, value).map(Given::value);
    }

    /** A text that must have a form; {@code parse} returns empty where it has not. */
    <T> Optional<T> parsed(
            ParameterName name, @Nullable String value, Function<String, Optional<T>> parse, String allowed) {
        return given(name, value).flatMap(given -> check(given, parse.apply(given.value()), allowed));
    }

    /** A text of a form, or {@link #NONE} for set but empty; an environment variable may also be empty itself. */
    Optional<String> textOrNone(ParameterName name, @Nullable String value, Predicate<String> form, String allowed) {
        Optional<String> fromVariable = name.variable().map(environment::get).filter(String::isBlank);
        Optional<String> text = parsed(
                name,
                value,
                given -> given.equals(NONE)
                        ? Optional.of("")
                        : Optional.of(given).filter(form),
                allowed + ", or " + NONE);
        return text.isPresent() ? text : fromVariable.map(String::strip);
    }

    /** {@code true} or {@code false}; upstream's variable says it in the words given, case ignored. */
    Optional<Boolean> flag(ParameterName name, @Nullable String value, String yes, String no) {
        return given(name, value).flatMap(given -> {
            boolean variable = given.ofVariable();
            String on = variable ? yes : "true";
            String off = variable ? no : "false";
            Optional<Boolean> flag = given.value().equalsIgnoreCase(on)
                    ? Optional.of(true)
                    : given.value().equalsIgnoreCase(off) ? Optional.of(false) : Optional.empty();
            return check(given, flag, on + " or " + off);
        });
    }

    /** {@code true} or {@code false}, where upstream has no variable. */
    Optional<Boolean> flag(ParameterName name, @Nullable String value) {
        return flag(name, value, "true", "false");
    }

    /** Words, separated by commas or white space, in one text or as elements of a list. */
    List<String> words(ParameterName name, @Nullable List<String> values) {
        return words(name, values, Optional::of, "words of at most " + LONGEST_WORD + " characters");
    }

    /** Words, each of a form; those of another form are all reported. */
    List<String> words(
            ParameterName name,
            @Nullable List<String> values,
            Function<String, ? extends Optional<?>> parse,
            String allowed) {
        if (values != null && values.size() > 1 && joined(values).isBlank()) {
            problems.add(new Problem(
                    name.property() + " is a list of which every element is empty",
                    "",
                    "name at least one, or leave " + name.property() + " out"));
            return List.of();
        }
        Optional<Given> given = given(name, joined(values));
        List<String> words = given.map(all -> split(all.value())).orElse(List.of());
        given.filter(all -> words.isEmpty()).ifPresent(all -> check(all, Optional.empty(), "one element at least"));
        given.ifPresent(all -> words.forEach(word ->
                check(all.with(word), word.length() > LONGEST_WORD ? Optional.empty() : parse.apply(word), allowed)));
        return words;
    }

    /** {@code left=right} pairs, in order; both sides are never empty. */
    List<Map.Entry<String, String>> pairs(ParameterName name, @Nullable List<String> values, String allowed) {
        return words(name, values, ParameterReader::pair, allowed).stream()
                .flatMap(word -> pair(word).stream())
                .toList();
    }

    /** Adds a problem that only the caller can see. */
    void problem(Problem problem) {
        problems.add(problem);
    }

    /** Adds what is worth a line about a value, once for all goals of a project. */
    void note(BuildListener.Fact fact) {
        if (!origins.contains(fact)) {
            origins.add(fact);
        }
    }

    /** Where each given value came from, in the order in which they were read. */
    List<BuildListener.Fact> origins() {
        return List.copyOf(origins);
    }

    /** Ends the reading: throws everything that was found wrong. */
    void throwProblems() {
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
    }

    private static List<String> split(String text) {
        return SEPARATOR.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    private static Optional<Map.Entry<String, String>> pair(String word) {
        int sign = word.indexOf('=');
        return sign > 0 && sign < word.length() - 1
                ? Optional.of(Map.entry(word.substring(0, sign), word.substring(sign + 1)))
                : Optional.empty();
    }

    private static String joined(@Nullable List<String> values) {
        // An empty element of a list arrives as null.
        return values == null ? "" : values.stream().filter(Objects::nonNull).collect(Collectors.joining(" "));
    }

    private <T> Optional<T> check(Given given, Optional<T> parsed, String allowed) {
        if (parsed.isEmpty()) {
            problems.add(new Problem(
                    given.syntax() + " is not valid", "", "allowed: " + allowed + "; given by " + given.origin()));
        }
        return parsed;
    }

    private Optional<Given> given(ParameterName name, @Nullable String value) {
        Given given;
        if (value != null && !value.isBlank()) {
            given = origin(name, value.strip());
        } else {
            Optional<String> variable =
                    name.variable().filter(v -> !environment.getOrDefault(v, "").isBlank());
            if (variable.isEmpty()) {
                return Optional.empty();
            }
            given = Given.ofVariable(
                    variable.get(), environment.getOrDefault(variable.get(), "").strip());
        }
        if (ShownValue.hasControls(given.value())) {
            return check(given, Optional.empty(), "what has no invisible characters");
        }
        note(new BuildListener.Fact(name.property(), given.shown() + " (from " + given.origin() + ")"));
        return Optional.of(given);
    }

    /** Of a value that Maven delivered. A POM's element wins over {@code -D}, so that a property of another value is not it. */
    private Given origin(ParameterName name, String value) {
        String property = name.property();
        if (split(userProperties.getProperty(property, "")).equals(split(value))) {
            return new Given(value, "-D" + property + "=", "", "the command line", false);
        }
        if (split(projectProperties.getProperty(property, "")).equals(split(value))) {
            return new Given(value, "<" + property + ">", "</" + property + ">", "the POM's properties", false);
        }
        return new Given(value, "<" + name.element() + ">", "</" + name.element() + ">", "the POM", false);
    }

    /** A value with its origin, written as its author wrote it. */
    private record Given(String value, String before, String after, String origin, boolean ofVariable) {

        static Given ofVariable(String variable, String value) {
            return new Given(value, variable + "=", "", "the environment variable " + variable, true);
        }

        Given with(String part) {
            return new Given(part, before, after, origin, ofVariable);
        }

        String syntax() {
            return before + shown() + after;
        }

        /** Without a password, should there be one. */
        String shown() {
            return ShownValue.of(value);
        }
    }
}
