package io.kubebuild.image;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The image half of an engine, in memory: names, ids, a registry to pull from, builds, and a list of what was done. */
public final class ImagesOfAnEngine implements Engine {

    /** Name to image id. */
    public final Map<String, String> names = new TreeMap<>();

    public final Map<String, ImageInfo> images = new HashMap<>();
    /** What each place has. */
    public final Map<String, ImageInfo> registry = new HashMap<>();
    /** Refusals of a place, used up one by one before it gives anything. */
    public final Map<String, Deque<EngineException>> refusals = new HashMap<>();

    public final List<String> log = new ArrayList<>();
    public final List<ImageBuild> builds = new ArrayList<>();
    public final List<ContainerInfo> containers = new ArrayList<>();
    public final Map<String, Optional<RegistryCredentials>> shown = new HashMap<>();
    public byte[] archive = new byte[0];
    public boolean buildFails;

    public static ImageInfo image(String id, String architecture) {
        return new ImageInfo(id, List.of(), "linux", architecture, "", Map.of(), List.of(), 1);
    }

    public void add(String name, ImageInfo image) {
        images.put(image.id(), image);
        names.put(name, image.id());
    }

    public void refuse(String place, EngineException.Kind kind, String... texts) {
        Deque<EngineException> queue = refusals.computeIfAbsent(place, ignored -> new ArrayDeque<>());
        for (String text : texts) {
            queue.add(new EngineException(kind, text, null));
        }
    }

    @Override
    public Optional<ImageInfo> image(String reference) {
        return Optional.ofNullable(images.get(names.getOrDefault(reference, reference)));
    }

    @Override
    public List<String> imageTags(String repository) {
        return names.keySet().stream()
                .filter(name -> name.startsWith(repository + ":"))
                .toList();
    }

    @Override
    public void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress) {
        log.add("pull " + reference);
        shown.put(reference, credentials);
        Deque<EngineException> queue = refusals.get(reference);
        if (queue != null && !queue.isEmpty()) {
            throw queue.removeFirst();
        }
        ImageInfo image = registry.get(reference);
        if (image == null) {
            throw new EngineException(EngineException.Kind.NOT_FOUND, "manifest unknown", null);
        }
        add(reference, image);
    }

    @Override
    public void tag(String reference, String newReference) {
        names.put(newReference, image(reference).orElseThrow().id());
    }

    @Override
    public void removeImage(String reference) {
        log.add("remove " + reference);
        names.remove(reference);
    }

    @Override
    public String build(ImageBuild build, Consumer<String> output) {
        builds.add(build);
        output.accept("Step 1/1 : FROM x");
        if (buildFails) {
            throw new EngineException(EngineException.Kind.OTHER, "The command returned a non-zero code: 1", null);
        }
        String id = "sha256:built" + builds.size();
        ImageInfo info = new ImageInfo(id, build.tags(), "linux", "amd64", "", build.labels(), List.of(), 1);
        build.tags().forEach(tag -> add(tag, info));
        return id;
    }

    @Override
    public InputStream save(List<String> references) {
        log.add("save " + String.join(" ", references));
        return new ByteArrayInputStream(archive);
    }

    @Override
    public List<ContainerInfo> containers(String namePrefix) {
        return containers.stream()
                .filter(container -> container.name().startsWith(namePrefix))
                .toList();
    }

    @Override
    public void remove(String container) {
        log.add("remove container " + container);
        containers.removeIf(info -> info.id().equals(container));
    }

    @Override
    public EngineInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void load(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String create(ContainerSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void start(String container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int await(String container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ContainerInfo> container(String nameOrId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String logs(String container, int lastLines) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void kill(String container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copyInto(String container, String directory, TarWriter tar) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> mark(String container, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream copyOutOf(String container, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int exec(String container, ExecSpec spec, Consumer<String> output) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
