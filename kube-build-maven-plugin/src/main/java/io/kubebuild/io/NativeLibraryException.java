package io.kubebuild.io;

import java.io.IOException;

/** A native library that the plugin brings along cannot be loaded on this machine; the message says why, and what helps. */
public final class NativeLibraryException extends IOException {

    private static final long serialVersionUID = 1;

    private final String why;
    private final String fix;

    NativeLibraryException(String what, String why, String fix, Throwable cause) {
        super(what + ": " + why + "; " + fix, cause);
        this.why = why;
        this.fix = fix;
    }

    /** What the system said. */
    public String why() {
        return why;
    }

    /** What the user can do. */
    public String fix() {
        return fix;
    }
}
