package io.kubebuild.image;

import io.kubebuild.docker.RegistryCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somewhere that credentials of registries and repositories are kept. */
@FunctionalInterface
public interface CredentialSource {

    /** Knows no registry. */
    CredentialSource NONE = (registry, repository) -> Optional.empty();

    /**
     * The credentials for a repository, if this source has any: those of the longest path that leads to it, at last those of its
     * registry.
     *
     * @param registry host and optional port ({@code nexus.example.com:5000})
     * @param repository path inside it ({@code team/app})
     */
    Optional<RegistryCredentials> find(String registry, String repository);

    /** The credentials for the repository of an image. */
    default Optional<RegistryCredentials> find(ImageReference image) {
        return find(image.registry(), image.repository());
    }

    /** Asks this source, then the other. */
    default CredentialSource or(CredentialSource other) {
        return (registry, repository) -> find(registry, repository).or(() -> other.find(registry, repository));
    }

    /** What may stand behind a registry's name where credentials are kept, longest first: {@code /team/app}, {@code /team}, nothing. */
    static List<String> paths(String repository) {
        List<String> paths = new ArrayList<>();
        String path = "/" + repository;
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            paths.add(path.substring(0, end));
        }
        paths.add("");
        return paths;
    }
}
