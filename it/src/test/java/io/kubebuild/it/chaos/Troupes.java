package io.kubebuild.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The places where cases play; each is made when the first case asks for it. */
final class Troupes implements AutoCloseable {

    private final Optional<Path> kept;
    private Optional<Troupe> usual = Optional.empty();
    private Optional<Troupe> apart = Optional.empty();
    private Optional<OwnEngine> engine = Optional.empty();

    /**
     * None yet.
     *
     * @param kept where the reference is kept
     */
    Troupes(Optional<Path> kept) {
        this.kept = kept;
    }

    /** On the engine that all tests use. */
    Troupe usual() throws IOException {
        if (usual.isEmpty()) {
            Stage stage = Stage.in(Files.createTempDirectory("kube-chaos"), EngineView.usual(), Optional.empty());
            usual = Optional.of(Troupe.on(stage, kept));
        }
        return usual.get();
    }

    Troupe of(ChaosCase played) throws IOException {
        return played.ownEngine() ? apart() : usual();
    }

    private Troupe apart() throws IOException {
        if (apart.isEmpty()) {
            // Two directories: the engine's is nothing that a build leaves.
            OwnEngine own = OwnEngine.in(Files.createTempDirectory("kube-chaos-engine"));
            engine = Optional.of(own);
            Stage stage =
                    Stage.in(Files.createTempDirectory("kube-chaos"), new EngineView(own.address()), Optional.of(own));
            apart = Optional.of(Troupe.on(stage, kept));
        }
        return apart.get();
    }

    @Override
    public void close() throws IOException {
        try {
            if (usual.isPresent()) {
                usual.get().close();
            }
            if (apart.isPresent()) {
                apart.get().close();
            }
        } finally {
            if (engine.isPresent()) {
                engine.get().close();
            }
        }
    }
}
