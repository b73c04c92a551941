package io.kubebuild.step;

import io.kubebuild.docker.DockerProxies;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.Proxies;
import java.util.Map;

/** Proxies of builds and containers: the request's and, where it leaves them open, those that docker's configuration has for them. */
final class ContainerProxies {

    private ContainerProxies() {}

    /** For the workspace, wherever it is: this machine has none of docker's. */
    static Map<String, String> ofWorkspace(BuildContext context) {
        return context.premises().hasEngine()
                ? ofEngine(context)
                : Proxies.inBothCases(context.request().network());
    }

    /** For a build or container on the engine. */
    static Map<String, String> ofEngine(BuildContext context) {
        BuildRequest request = context.request();
        DockerProxies docker = DockerProxies.read(request.environment(), context.home());
        return Proxies.inBothCases(
                request.network(),
                docker.isEmpty() ? Map.of() : docker.of(context.engine().info().endpoint()));
    }
}
