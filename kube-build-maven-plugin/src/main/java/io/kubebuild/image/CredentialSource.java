package io.kubebuild.image;

import io.kubebuild.docker.RegistryCredentials;
import java.util.Optional;

/** Somewhere that credentials of registries are kept. */
@FunctionalInterface
public interface CredentialSource {

    /** Knows no registry. */
    CredentialSource NONE = registry -> Optional.empty();

    /**
     * The credentials of a registry, if this source has any.
     *
     * @param registry host and optional port ({@code nexus.example.com:5000})
     */
    Optional<RegistryCredentials> find(String registry);

    /** Asks this source, then the other. */
    default CredentialSource or(CredentialSource other) {
        return registry -> find(registry).or(() -> other.find(registry));
    }
}
