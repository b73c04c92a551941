package io.kubebuild.image.server;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the engine build an image and saves it to a file, for Dockerfiles that are not understood (the conformance image). The
 * archive is the engine's, byte for byte. Names in the engine mean afterwards what they meant before.
 */
public final class EngineImageBuilder {

    private final Engine engine;
    private final BuildListener listener;

    public EngineImageBuilder(Engine engine, BuildListener listener) {
        this.engine = engine;
        this.listener = listener;
    }

    /**
     * Builds and saves.
     *
     * @param build what to build, with at least one tag
     * @param archive the file to write, whole or not at all
     * @param mode its permissions
     */
    public AssembledImage build(ImageBuild build, Path archive, Set<PosixFilePermission> mode) {
        Map<String, Optional<ImageInfo>> before = new LinkedHashMap<>();
        build.tags().forEach(tag -> before.put(tag, engine.image(tag)));
        LastLines last = LastLines.ofAny();
        try {
            String id = engine.build(build, line -> {
                listener.on(
                        new BuildListener.Output("docker build " + build.tags().get(0), line));
                last.accept(line);
            });
            save(build, archive.toAbsolutePath(), mode);
            return new AssembledImage(archive, id, Optional.empty(), Files.size(archive));
        } catch (EngineException e) {
            throw KubeException.build(
                    "the engine cannot build or save the image " + build.tags().get(0),
                    last.below(String.valueOf(e.getMessage())),
                    "see the lines above; the Dockerfile is " + build.context().resolve(build.dockerfile()),
                    e);
        } catch (IOException e) {
            throw KubeException.build(
                    "the image " + build.tags().get(0) + " cannot be saved to " + archive,
                    String.valueOf(e.getMessage()),
                    "check that there is room and that the file may be written",
                    e);
        } finally {
            before.forEach(this::restore);
        }
    }

    private void save(ImageBuild build, Path archive, Set<PosixFilePermission> mode) throws IOException {
        AtomicFile.write(archive, draft -> {
            try (InputStream in = engine.save(build.tags())) {
                draft.content(in);
            }
            OwnFiles.mode(draft.path(), mode);
        });
    }

    private void restore(String tag, Optional<ImageInfo> before) {
        try {
            Optional<String> now = engine.image(tag).map(ImageInfo::id);
            if (now.equals(before.map(ImageInfo::id))) {
                // Nothing was built under that name: removing it could take away somebody's image.
                return;
            }
            engine.removeImage(tag);
            if (before.isPresent()) {
                engine.tag(before.get().id(), tag);
            }
        } catch (EngineException e) {
            listener.on(new BuildListener.Detail("the name " + tag + " stays in the engine: " + e.getMessage()));
        }
    }
}
