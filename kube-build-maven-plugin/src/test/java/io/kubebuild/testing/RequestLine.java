package io.kubebuild.testing;

import java.io.IOException;
import java.io.InputStream;

/** Lines of an HTTP request, for servers of tests that say what no real one would. */
final class RequestLine {

    private RequestLine() {}

    /** The next line without its end; empty before the body and at the end. */
    static String of(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
