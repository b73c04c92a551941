package io.kubebuild.image;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import java.util.function.Consumer;

/** A build by the engine whose output is told line by line, and whose last lines come with its failure. */
public final class LoggedBuild {

    /** How engines say that SIGKILL ended a command of a Dockerfile. */
    private static final String KILLED = "returned a non-zero code: 137";

    private final Engine engine;
    private final BuildListener listener;

    public LoggedBuild(Engine engine, BuildListener listener) {
        this.engine = engine;
        this.listener = listener;
    }

    /**
     * Builds and returns the image's id.
     *
     * @param build with at least one tag
     * @param lines hears the output, too
     * @param what what cannot be had if it fails, as a sentence
     * @param fix what helps where neither the engine's disk nor its connection is to blame
     */
    public String run(ImageBuild build, Consumer<String> lines, String what, String fix) {
        LastLines last = LastLines.ofAny();
        try {
            return engine.build(build, line -> {
                listener.on(
                        new BuildListener.Output("docker build " + build.tags().get(0), line));
                lines.accept(line);
                last.accept(line);
            });
        } catch (EngineException e) {
            throw KubeException.build(what, last.below(String.valueOf(e.getMessage())), fix(e, fix), e);
        }
    }

    private static String fix(EngineException refusal, String otherwise) {
        if (String.valueOf(refusal.getMessage()).contains(KILLED)) {
            return "the kernel killed a command of it, mostly for want of memory: give the engine more, then run the build again";
        }
        return switch (refusal.kind()) {
            case NO_SPACE -> "make room on the engine's disk (docker system df), then run the build again";
            case UNREACHABLE -> "check that the Docker engine runs (docker info), then run the build again";
            default -> otherwise;
        };
    }
}
