package io.kubebuild.testing;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.fingerprint.Fingerprint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers of the {@link FakeEngine}, in the order in which they were made. */
final class FakeContainers {

    private final Map<String, FakeContainer> byId = new LinkedHashMap<>();
    private int made;
    private boolean seesThisMachine = true;

    /** Adds a container that does not run yet. */
    FakeContainer add(ContainerSpec spec, String imageId) {
        if (find(spec.name()).isPresent()) {
            throw new EngineException(Kind.CONFLICT, "The name " + spec.name() + " is already in use", null);
        }
        made++;
        FakeContainer container = new FakeContainer(Fingerprint.sha256("container " + made), spec, imageId);
        spec.host().binds().forEach(bind -> container.files().mount(bind.target(), directory(bind.source())));
        spec.volumes().forEach(path -> container.files().mount(path, new FakeFileSystem()));
        for (String other : spec.volumesFrom()) {
            get(other).files().mounts().forEach(container.files()::mount);
        }
        byId.put(container.id(), container);
        return container;
    }

    private FakeFileSystem directory(String source) {
        Path directory = Path.of(source);
        if (!seesThisMachine || !Files.isDirectory(directory)) {
            throw new EngineException(
                    Kind.OTHER,
                    "invalid mount config for type \"bind\": bind source path does not exist: " + source,
                    null);
        }
        return FakeFileSystem.of(directory);
    }

    /** From now on it is an engine on another machine. */
    void moveElsewhere() {
        seesThisMachine = false;
    }

    Optional<FakeContainer> find(String nameOrId) {
        return byId.values().stream()
                .filter(container -> container.id().equals(nameOrId)
                        || container.spec().name().equals(nameOrId))
                .findFirst();
    }

    /** One that has to be there. */
    FakeContainer get(String nameOrId) {
        return find(nameOrId)
                .orElseThrow(() -> new EngineException(Kind.NOT_FOUND, "No such container: " + nameOrId, null));
    }

    List<ContainerInfo> list(String namePrefix) {
        return byId.values().stream()
                .filter(container -> container.spec().name().startsWith(namePrefix))
                .map(FakeContainer::info)
                .toList();
    }

    void remove(FakeContainer container) {
        byId.remove(container.id());
    }
}
