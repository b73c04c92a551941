package io.kubebuild.http;

import java.io.IOException;

/** It was tried as often as it makes sense; the cause is what the last attempt met. */
public final class GaveUpException extends IOException {

    private static final long serialVersionUID = 1;

    GaveUpException(String message, IOException cause) {
        super(message, cause);
    }
}
