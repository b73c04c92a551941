package io.kubebuild.cache;

import java.io.IOException;

/** A cache that is damaged, cut short or for somebody else; the message completes "ignoring the cache, because". */
public final class UnusableCacheException extends IOException {

    private static final long serialVersionUID = 1L;

    UnusableCacheException(String why) {
        super(why);
    }

    UnusableCacheException(String why, Throwable cause) {
        super(why, cause);
    }
}
