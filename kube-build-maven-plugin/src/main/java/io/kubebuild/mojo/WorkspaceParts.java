package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.WorkspaceKind;
import io.kubebuild.workspace.host.SdkArchives;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where commands run, read from the parameters that belong to it; some of them exclude each other. */
final class WorkspaceParts {

    private static final ParameterName WORKSPACE = ParameterName.of("kube.workspace");
    private static final ParameterName URL = ParameterName.of("kube.goSdk.url");
    private static final ParameterName SHA256 = ParameterName.of("kube.goSdk.sha256");

    private static final Map<String, WorkspaceKind> KINDS =
            Map.of("container", WorkspaceKind.CONTAINER, "host", WorkspaceKind.HOST);

    private final ParameterReader reader;
    private final FileParameters files;

    WorkspaceParts(ParameterReader reader, FileParameters files) {
        this.reader = reader;
        this.files = files;
    }

    BuildRequest.WorkspaceSettings read(KubeMojo mojo) {
        Optional<WorkspaceKind> kind = reader.parsed(
                WORKSPACE, mojo.workspace, word -> Optional.ofNullable(KINDS.get(word)), "container or host");
        Optional<Path> sdk = files.path("kube.goSdk", mojo.goSdk);
        sdk.ifPresent(directory -> refuseWithoutGo(mojo.tree().resolve(directory)));
        Optional<URI> url = reader.parsed(
                URL,
                Address.text(mojo.goSdkUrl),
                UrlForms::ofFile,
                "an address of a .tar.gz that begins with https:, http: or file:, of a file that is there");
        Optional<String> sha256 = reader.parsed(
                SHA256,
                mojo.goSdkSha256,
                text -> Optional.of(text.toLowerCase(Locale.ROOT)).filter(sum -> sum.matches("[0-9a-f]{64}")),
                "64 hexadecimal digits");
        boolean urlGiven = isGiven(Address.text(mojo.goSdkUrl));
        if (urlGiven != isGiven(mojo.goSdkSha256)) {
            reader.problem(new Problem(
                    urlGiven
                            ? "kube.goSdk.url is given without kube.goSdk.sha256"
                            : "kube.goSdk.sha256 is given without kube.goSdk.url",
                    "what is fetched is used only if it is what was meant",
                    "give both, with the checksum that the publisher of the SDK names"));
        }
        if (sdk.isPresent() && urlGiven) {
            reader.problem(new Problem(
                    "kube.goSdk and kube.goSdk.url are both given", "", "leave out the one that you do not mean"));
        }
        refuseEngine(mojo, kind, sdk.isPresent() || urlGiven);
        return new BuildRequest.WorkspaceSettings(
                kind, sdk, url.flatMap(address -> sha256.map(sum -> new SdkArchives.Wanted(address, sum))));
    }

    private void refuseWithoutGo(Path directory) {
        if (!Files.isExecutable(directory.resolve("bin/go"))) {
            reader.problem(new Problem(
                    "kube.goSdk names " + directory + ", which holds no Go SDK that runs here",
                    "there is no program bin/go in it",
                    "name the directory that is GOROOT: it holds bin/go and src"));
        }
    }

    private void refuseEngine(KubeMojo mojo, Optional<WorkspaceKind> kind, boolean sdk) {
        if (kind.filter(WorkspaceKind.CONTAINER::equals).isPresent() && sdk) {
            reader.problem(new Problem(
                    "kube.goSdk is given with kube.workspace=container",
                    "in a container the Go of the cross image builds",
                    "leave it out, or build on this machine: -Dkube.workspace=host"));
        }
        boolean host = kind.map(WorkspaceKind.HOST::equals).orElse(sdk);
        List<String> engine = new ArrayList<>();
        if (isGiven(Address.text(mojo.dockerHost))) {
            engine.add("kube.docker.host");
        }
        if (mojo.dockerCertPath != null) {
            engine.add("kube.docker.certPath");
        }
        if (host && !engine.isEmpty()) {
            reader.problem(new Problem(
                    String.join(" and ", engine) + " with " + (kind.isPresent() ? "kube.workspace=host" : "kube.goSdk")
                            + " ask for two workspaces",
                    "the host workspace uses no Docker engine",
                    "leave out the one that you do not mean"));
        }
    }

    private static boolean isGiven(@org.jspecify.annotations.Nullable String text) {
        return text != null && !text.isBlank();
    }
}
