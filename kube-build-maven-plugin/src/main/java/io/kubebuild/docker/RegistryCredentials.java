package io.kubebuild.docker;

/**
 * What a registry wants to see.
 *
 * @param registry host and optional port
 * @param username user name; {@link #TOKEN} where the secret is an identity token
 * @param secret password or token
 * @param source where it came from, for messages ("settings.xml server 'nexus'")
 */
public record RegistryCredentials(String registry, String username, String secret, String source) {

    /** In place of a user: the secret is an identity token, which a registry's token server takes for tokens of its own (OAuth 2). */
    public static final String TOKEN = "<token>";

    /** Whether the secret is an identity token, and no password. */
    public boolean isToken() {
        return username.equals(TOKEN);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "RegistryCredentials[" + registry + ", " + username + ", from " + source + "]";
    }
}
