package io.kubebuild.step;

import io.kubebuild.sync.RsyncServer;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.container.RsyncContainer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The rsync daemon of the build image, in a container over a workspace's volumes. */
final class Rsyncd implements RsyncServer {

    private final RsyncContainer container;
    private final Path passwordFile;

    private Rsyncd(RsyncContainer container, Path passwordFile) {
        this.container = container;
        this.passwordFile = passwordFile;
    }

    static Rsyncd start(BuildContext context, Workspace workspace) {
        RsyncContainer container = RsyncContainer.start(
                context.engine(),
                new RsyncContainer.Settings(
                        context.names().rsyncContainer(),
                        context.names().image(),
                        workspace.identity(),
                        EnginePremises.user(context),
                        context.hostName(),
                        context.tree().path().toString(),
                        addressesOfThisHost(),
                        context.request().transport().rsyncPort()),
                context.containers());
        return new Rsyncd(container, BuildImage.context(context).resolve("rsyncd.password"));
    }

    /** As upstream finds them by ip or ifconfig: where an engine passes connections on as they are, they come from one of these. */
    private static List<String> addressesOfThisHost() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof java.net.Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (SocketException e) {
            // The containers' own network is allowed in any case.
            return List.of();
        }
    }

    @Override
    public Optional<Integer> port() {
        return container.port();
    }

    @Override
    public Path passwordFile() {
        return passwordFile;
    }

    @Override
    public String lastWords() {
        return container.lastWords();
    }

    @Override
    public void close() {
        container.close();
    }
}
