package io.kubebuild.mojo;

import io.kubebuild.http.NoProxy;
import io.kubebuild.problem.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/**
 * The active proxies of settings.xml, as images and containers want them.
 *
 * @param http URL for {@code http:} addresses, with credentials if any
 * @param https URL for {@code https:} addresses; Maven's rule: without one of its own, that of {@code http}
 * @param noProxy hosts that are reached without, as any of the active proxies has them
 * @param problems passwords that could not be decrypted
 */
record ProxySettings(Optional<String> http, Optional<String> https, NoProxy noProxy, List<Problem> problems) {

    ProxySettings {
        problems = List.copyOf(problems);
    }

    static ProxySettings of(Settings settings, SettingsDecrypter decrypter) {
        List<Problem> problems = new ArrayList<>();
        Optional<Proxy> http = active(settings, "http").map(proxy -> decrypted(proxy, decrypter, problems));
        Optional<Proxy> https = active(settings, "https")
                .map(proxy -> decrypted(proxy, decrypter, problems))
                .or(() -> http);
        return new ProxySettings(
                http.map(ProxySettings::url), https.map(ProxySettings::url), direct(settings), problems);
    }

    /** Programs know one list for all proxies. */
    private static NoProxy direct(Settings settings) {
        return settings.getProxies().stream()
                .filter(Proxy::isActive)
                .map(Proxy::getNonProxyHosts)
                .filter(Objects::nonNull)
                .map(NoProxy::ofMaven)
                .reduce(NoProxy.NONE, NoProxy::and);
    }

    private static Optional<Proxy> active(Settings settings, String protocol) {
        return settings.getProxies().stream()
                .filter(proxy ->
                        proxy.isActive() && protocol.equals(proxy.getProtocol().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static Proxy decrypted(Proxy proxy, SettingsDecrypter decrypter, List<Problem> problems) {
        SettingsDecryptionResult result;
        // Maven's decrypter is shared by all goals of a build and is not thread-safe.
        synchronized (decrypter) {
            result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(proxy));
        }
        for (SettingsProblem problem : result.getProblems()) {
            problems.add(new Problem(
                    "the password of proxy '" + proxy.getId() + "' in settings.xml cannot be decrypted",
                    problem.getMessage(),
                    "encrypt it again with mvn --encrypt-password, or give the proxy with -Dkube.httpProxy=…"));
        }
        return result.getProxy();
    }

    private static String url(Proxy proxy) {
        StringBuilder url = new StringBuilder("http://");
        if (proxy.getUsername() != null && !proxy.getUsername().isBlank()) {
            url.append(encoded(proxy.getUsername()));
            if (proxy.getPassword() != null) {
                url.append(':').append(encoded(proxy.getPassword()));
            }
            url.append('@');
        }
        return url.append(proxy.getHost()).append(':').append(proxy.getPort()).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Never shows a password. */
    @Override
    public String toString() {
        return "ProxySettings[" + (http.isPresent() ? "http " : "") + (https.isPresent() ? "https" : "") + "]";
    }
}
