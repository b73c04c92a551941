package io.kubebuild.mojo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/**
 * A cache in a Maven repository.
 *
 * @param group its groupId
 * @param name its artifactId
 * @param version its version; one that moves ({@code 1-SNAPSHOT}) is looked up as settings.xml says
 */
record CacheArtifact(String group, String name, String version) {

    /** Of every exported cache; a repository takes any. */
    static final String CLASSIFIER = "cache";

    static final String TYPE = "tar.zst";

    private static final Pattern PART = Pattern.compile("(?!\\.+$)[A-Za-z0-9_.+-]{1,255}");

    /** Reads {@code groupId:artifactId:version}. */
    static Optional<CacheArtifact> parse(String text) {
        String[] parts = text.split(":", -1);
        boolean whole = parts.length == 3
                && List.of(parts).stream().allMatch(part -> PART.matcher(part).matches());
        return whole ? Optional.of(new CacheArtifact(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    /** Its file, from the local repository or the first remote one that has it. */
    Path resolve(RepositorySystem system, RepositorySystemSession session, List<RemoteRepository> repositories)
            throws ArtifactResolutionException {
        ArtifactRequest request = new ArtifactRequest(
                new DefaultArtifact(group, name, CLASSIFIER, TYPE, version), repositories, "plugin");
        return system.resolveArtifact(session, request).getArtifact().getFile().toPath();
    }

    @Override
    public String toString() {
        return group + ":" + name + ":" + version;
    }
}
