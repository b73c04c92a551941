package io.kubebuild.http;

import io.kubebuild.http.tls.Trust;

/**
 * The way to servers of others.
 *
 * @param proxies on it
 * @param trust whose certificates are believed at its end
 */
public record Access(WebProxies proxies, Trust trust) {

    /** What the JVM has for everybody. */
    public static final Access OF_JVM = new Access(WebProxies.OF_JVM, Trust.OF_JDK);
}
