package io.kubebuild.mojo;

import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.problem.KubeException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/**
 * Credentials from the {@code <servers>} of settings.xml. A server's id is the registry, with or without its port, and with the path
 * that its credentials are for if they are not for all of it ({@code nexus.example.com:5000/team}). The longest path wins, then the one with
 * the port. Only the server that is asked for is decrypted, so that others may be encrypted for somebody else.
 */
final class SettingsCredentials implements CredentialSource {

    /** Names that Docker's own registry goes by. */
    private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

    private final Settings settings;
    private final SettingsDecrypter decrypter;

    SettingsCredentials(Settings settings, SettingsDecrypter decrypter) {
        this.settings = settings;
        this.decrypter = decrypter;
    }

    @Override
    public Optional<RegistryCredentials> find(String registry, String repository) {
        return ids(registry, repository).stream()
                .map(settings::getServer)
                .filter(server -> server != null && server.getUsername() != null && server.getPassword() != null)
                .findFirst()
                .map(this::decrypted)
                .map(server -> new RegistryCredentials(
                        registry,
                        server.getUsername(),
                        server.getPassword(),
                        "settings.xml server '" + server.getId() + "'"));
    }

    private static Set<String> ids(String registry, String repository) {
        Set<String> names = new LinkedHashSet<>();
        names.add(registry);
        names.add(registry.replaceFirst(":\\d+$", ""));
        if (DOCKER_HUB.contains(registry)) {
            names.add("docker.io");
            names.addAll(DOCKER_HUB.stream().sorted().toList());
        }
        Set<String> ids = new LinkedHashSet<>();
        CredentialSource.paths(repository).forEach(path -> names.forEach(name -> ids.add(name + path)));
        return ids;
    }

    private Server decrypted(Server server) {
        SettingsDecryptionResult result;
        // Maven's decrypter is shared by all goals of a build and is not thread-safe.
        synchronized (decrypter) {
            result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
        }
        for (SettingsProblem problem : result.getProblems()) {
            throw KubeException.user(
                    "the password of server '" + server.getId() + "' in settings.xml cannot be decrypted",
                    problem.getMessage(),
                    "encrypt it again with mvn --encrypt-password, and see that settings-security.xml is the one"
                            + " that it was encrypted with");
        }
        return result.getServer();
    }
}
