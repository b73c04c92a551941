package io.kubebuild.mojo;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.DefaultSettingsProblem;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/** Decrypts {@code {text}} to {@code decrypted text}, and cannot decrypt {@code {broken}}. */
final class FakeDecrypter implements SettingsDecrypter {

    /** Ids of the servers that were decrypted. */
    final List<String> asked = new ArrayList<>();

    @Override
    public SettingsDecryptionResult decrypt(SettingsDecryptionRequest request) {
        List<SettingsProblem> problems = new ArrayList<>();
        List<Server> servers = new ArrayList<>();
        for (Server server : request.getServers()) {
            asked.add(server.getId());
            Server copy = server.clone();
            copy.setPassword(decrypted(server.getPassword(), problems));
            servers.add(copy);
        }
        List<Proxy> proxies = new ArrayList<>();
        for (Proxy proxy : request.getProxies()) {
            Proxy copy = proxy.clone();
            copy.setPassword(decrypted(proxy.getPassword(), problems));
            proxies.add(copy);
        }
        return new Result(servers, proxies, problems);
    }

    private static String decrypted(String password, List<SettingsProblem> problems) {
        if (password.equals("{broken}")) {
            problems.add(
                    new DefaultSettingsProblem("no master password", SettingsProblem.Severity.ERROR, "", 0, 0, null));
        }
        return password.startsWith("{") ? "decrypted " + password.substring(1, password.length() - 1) : password;
    }

    private record Result(List<Server> servers, List<Proxy> proxies, List<SettingsProblem> problems)
            implements SettingsDecryptionResult {

        @Override
        public Server getServer() {
            return servers.get(0);
        }

        @Override
        public List<Server> getServers() {
            return servers;
        }

        @Override
        public Proxy getProxy() {
            return proxies.get(0);
        }

        @Override
        public List<Proxy> getProxies() {
            return proxies;
        }

        @Override
        public List<SettingsProblem> getProblems() {
            return problems;
        }
    }
}
