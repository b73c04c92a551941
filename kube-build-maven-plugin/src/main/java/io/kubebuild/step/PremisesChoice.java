package io.kubebuild.step;

import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import java.nio.file.Files;
import java.util.List;

/**
 * Which premises a build has: those that the user asks for, else an engine, else this machine. Naming an engine, in whatever way the
 * docker command knows, asks for it, and naming a Go SDK asks for this machine.
 */
final class PremisesChoice {

    private PremisesChoice() {}

    static Premises of(BuildContext context) {
        BuildRequest.WorkspaceSettings wanted = context.request().workspace();
        if (wanted.isHost()) {
            return new HostPremises(context, List.of());
        }
        if (mustHaveEngine(context.request())) {
            return new EnginePremises(context);
        }
        try {
            context.engine().info();
            return new EnginePremises(context);
        } catch (KubeException e) {
            return new HostPremises(context, e.problems());
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.UNREACHABLE) {
                return new EnginePremises(context);
            }
            Problem problem = new Problem(
                    "the Docker engine cannot be used",
                    String.valueOf(e.getMessage()),
                    "see that it runs (docker version)");
            return new HostPremises(context, List.of(problem));
        }
    }

    /** Whether the user asks for an engine, so that a build without is none that they want. */
    static boolean mustHaveEngine(BuildRequest request) {
        return request.workspace().kind().isPresent()
                || new EndpointResolver(
                                request.environment(),
                                UserDirectories.of(request).home(),
                                Files::exists)
                        .isNamed(request.engine().host());
    }
}
