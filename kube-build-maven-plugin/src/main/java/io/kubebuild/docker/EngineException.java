package io.kubebuild.docker;

import io.kubebuild.problem.Secrets;
import org.jspecify.annotations.Nullable;

/** The engine refused a request, or could not be reached. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, as far as the engine says. */
    public enum Kind {
        /** Nobody answers at the endpoint, or the connection broke. */
        UNREACHABLE,
        /** What was asked for is not there (image, container, path). */
        NOT_FOUND,
        /** The registry or engine wants (other) credentials. */
        UNAUTHORIZED,
        /** The name is taken, or the container is in the wrong state. */
        CONFLICT,
        /** The engine's disk is full. */
        NO_SPACE,
        /** Everything else. */
        OTHER
    }

    private final Kind kind;

    public EngineException(Kind kind, String message, @Nullable Throwable cause) {
        super(Secrets.hidden(message), cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
