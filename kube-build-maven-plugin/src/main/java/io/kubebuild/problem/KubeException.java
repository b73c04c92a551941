package io.kubebuild.problem;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one exception family of the plugin: a step cannot go on, for reasons given as {@link Problem}s.
 *
 * <p>It says whose turn it is: {@link Blame#USER} for input that the user can change (a parameter, the tree, an image that is
 * missing), {@link Blame#BUILD} for everything else (a compiler that failed, an engine that went away).
 */
public final class KubeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose turn it is. */
    public enum Blame {
        USER,
        BUILD
    }

    private final transient List<Problem> problems;
    private final Blame blame;

    private KubeException(Blame blame, List<Problem> problems, @Nullable Throwable cause) {
        super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")), cause);
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("no problem given");
        }
        this.blame = blame;
        this.problems = List.copyOf(problems);
    }

    /** The user's turn, for every problem found. */
    public static KubeException user(List<Problem> problems) {
        return new KubeException(Blame.USER, problems, null);
    }

    /** The user's turn. */
    public static KubeException user(String what, String why, String fix) {
        return user(List.of(new Problem(what, why, fix)));
    }

    /** Something failed that no parameter could have prevented. */
    public static KubeException build(String what, String why, String fix, @Nullable Throwable cause) {
        return new KubeException(Blame.BUILD, List.of(new Problem(what, why, fix)), cause);
    }

    /** Something failed that no parameter could have prevented. */
    public static KubeException build(String what, String why, String fix) {
        return build(what, why, fix, null);
    }

    public List<Problem> problems() {
        return problems;
    }

    public Blame blame() {
        return blame;
    }
}
