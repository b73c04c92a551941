package io.kubebuild.http;

import java.io.IOException;

/** An answer that did not come, ended early, or came too slowly; the next one may do better. */
public final class LostConnectionException extends IOException {

    private static final long serialVersionUID = 1;

    public LostConnectionException(String message) {
        super(message);
    }

    public LostConnectionException(IOException cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
