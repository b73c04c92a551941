package io.kubebuild.workspace.container;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import java.util.Objects;

/** Puts what the engine refused into words for the user. */
final class EngineTrouble {

    private EngineTrouble() {}

    /** The failure as one problem; {@code doing} completes "the engine failed while". */
    static KubeException during(String doing, EngineException e) {
        String fix =
                switch (e.kind()) {
                    case UNREACHABLE ->
                        "check that the Docker engine still runs (docker info), then run the build again: it goes on where it stood";
                    case NOT_FOUND ->
                        "something removed a container or image during the build; run it again, beginning with kube:build-image";
                    case UNAUTHORIZED -> "check the credentials of the registry in settings.xml";
                    case CONFLICT ->
                        "another build works with the same container; wait for it, or set -Dkube.workspaceId to keep the two apart";
                    case NO_SPACE ->
                        "free disk on the engine's host (docker system df shows what takes it), then run again";
                    case OTHER -> "see the reason above, then run the build again";
                };
        return KubeException.build(
                "the Docker engine failed while " + doing,
                Objects.requireNonNullElse(e.getMessage(), e.kind().name()),
                fix,
                e);
    }
}
