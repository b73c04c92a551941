package io.kubebuild.step;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Whether an engine sees the files of this machine: one elsewhere may have a directory of the same name. */
final class EngineSight {

    private static final String SEEN_AT = "/seen";

    private final BuildContext context;

    EngineSight(BuildContext context) {
        this.context = context;
    }

    /**
     * Why the engine cannot see a file that we have just made; empty where it can.
     *
     * @param image what a container for that is made of; it is never started
     * @param mounted directory that would be mounted
     * @param directory where the file is made for a moment, in there
     */
    Optional<String> blindness(String image, Path mounted, Path directory) {
        Engine engine = context.engine();
        Path file = directory.resolve(".kube-build-" + UUID.randomUUID());
        HostAccess access = HostAccess.to(List.of(new HostAccess.Bind(mounted.toString(), SEEN_AT, false)));
        try (ThrowawayContainer container = ThrowawayContainer.of(context, "probe")) {
            AtomicFile.write(file, draft -> draft.text(""));
            // The engine looks into what is mounted without starting anything.
            engine.create(ContainerSpec.of(container.name(), image, List.of("true"))
                    .withLabels(Labels.of(context))
                    .withHost(access));
            return engine.mark(container.name(), SEEN_AT + "/" + mounted.relativize(file))
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of("a file written here is not to be seen in its containers");
        } catch (EngineException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of("cannot write " + file + ": " + e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // An empty file among the outputs is in nobody's way.
            return;
        }
    }
}
