package io.kubebuild.docker.mandas;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.problem.KubeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the engine's API. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

    /** Docker 19.03. */
    static final ApiVersion FLOOR = new ApiVersion(1, 40);

    /** The newest that we know; Engine 29 refuses anything below it in its first releases. */
    static final ApiVersion NEWEST_KNOWN = new ApiVersion(1, 44);

    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    /**
     * The version to speak with an engine.
     *
     * @param engineVersion the engine's own version, for messages ({@code 20.10.24})
     * @param offered the newest API version that the engine offers
     */
    static ApiVersion agreed(Endpoint endpoint, String engineVersion, String offered) {
        Matcher matcher = SYNTAX.matcher(offered);
        if (!matcher.matches()) {
            throw KubeException.user(
                    "what answers at " + endpoint + " is no Docker engine",
                    "its version says '" + offered + "' where the API version should be",
                    "name a Docker engine with -Dkube.docker.host or DOCKER_HOST");
        }
        ApiVersion engine = new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (engine.compareTo(FLOOR) < 0) {
            throw KubeException.user(
                    "the Docker engine " + engineVersion + " at " + endpoint + " is too old",
                    "it speaks API " + engine + "; " + FLOOR + " (Docker 19.03) is the oldest that can be used",
                    "update the engine, or name another one with -Dkube.docker.host");
        }
        return engine.compareTo(NEWEST_KNOWN) < 0 ? engine : NEWEST_KNOWN;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
