package io.kubebuild.docker;

/**
 * What a registry wants to see.
 *
 * @param registry host and optional port
 * @param username user name; {@code <token>} where the secret is an identity token
 * @param secret password or token
 * @param source where it came from, for messages ("settings.xml server 'nexus'")
 */
public record RegistryCredentials(String registry, String username, String secret, String source) {

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "RegistryCredentials[" + registry + ", " + username + ", from " + source + "]";
    }
}
