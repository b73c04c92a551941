package io.kubebuild.request;

import io.kubebuild.http.NoProxy;
import io.kubebuild.http.WebProxies;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.workspace.host.SdkArchives;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything that a build is asked to do, fixed before it starts. A setting that nobody gave is empty: the tree decides.
 *
 * @param tree the Kubernetes tree, as the user named it; not yet checked
 * @param outputDirectory as the user named it; relative to the tree if relative; empty for {@code _output}
 * @param workspaceId replaces host name, path and branch in the names of containers and images
 * @param selection what to build
 * @param version what replaces git's answers
 * @param go flags of the go command
 * @param scripts what the tree's scripts are told beside that
 * @param images names, bases and pulling of images
 * @param engine where the Docker engine is
 * @param transport how sources come into the workspace
 * @param workspace where commands run
 * @param network proxies and mirrors
 * @param cache Go build caches of other machines
 * @param compressionLevel gzip's, of tarballs, 1 to 9
 * @param offline whether nothing may be fetched ({@code mvn -o})
 * @param force which work to do although it is up to date
 * @param verbose upstream's KUBE_VERBOSE, if given
 * @param environment the process environment, for upstream's variables as the lowest-ranking defaults and for HOSTNAME
 * @param projectFiles paths relative to the tree that belong to the Maven project and not to Kubernetes ({@code pom.xml},
 *     {@code .mvn}, {@code target}), whether they are there or not; what git tracks of them is a source nevertheless
 * @param pluginVersion version of this plugin, part of every fingerprint
 */
public record BuildRequest(
        Path tree,
        Optional<Path> outputDirectory,
        Optional<String> workspaceId,
        Selection selection,
        VersionSettings version,
        GoSettings go,
        ScriptSettings scripts,
        ImageSettings images,
        EngineSettings engine,
        TransportSettings transport,
        WorkspaceSettings workspace,
        NetworkSettings network,
        CacheSettings cache,
        int compressionLevel,
        boolean offline,
        Force force,
        Optional<String> verbose,
        Map<String, String> environment,
        List<String> projectFiles,
        String pluginVersion) {

    public BuildRequest {
        environment = Map.copyOf(environment);
        projectFiles = List.copyOf(projectFiles);
    }

    /**
     * What to build.
     *
     * @param platforms as written by the user, not yet checked; empty for the tree's choice
     * @param quick upstream's KUBE_FASTBUILD
     * @param targets {@code cmd/kubectl …} as written by the user; empty for everything that a release needs
     * @param packaging what will be made of the binaries; for {@link Packaging#IMAGES} the targets come on top
     * @param conformance build the conformance image (KUBE_BUILD_CONFORMANCE)
     * @param hyperkube build the hyperkube image (KUBE_BUILD_HYPERKUBE)
     */
    public record Selection(
            List<String> platforms,
            boolean quick,
            List<String> targets,
            Packaging packaging,
            Optional<Boolean> conformance,
            Optional<Boolean> hyperkube) {
        public Selection {
            platforms = List.copyOf(platforms);
            targets = List.copyOf(targets);
        }

        /** Whether images will be made, so that their bases have to be there. */
        public boolean packaged() {
            return packaging != Packaging.NOTHING;
        }
    }

    /** What a build makes of binaries. */
    public enum Packaging {
        /** Nothing. */
        NOTHING,
        /** The images of a release, and no tarballs ({@code make release-images}). */
        IMAGES,
        /** Images and tarballs. */
        RELEASE
    }

    /**
     * What replaces git's answers. Values from the POM or {@code -D} always win; those of the environment keep upstream's rule.
     *
     * @param gitVersion {@code v1.20.2}
     * @param gitTreeState {@code clean}, {@code dirty} or {@code archive}
     * @param gitCommit a commit id
     * @param sourceDateEpoch seconds since 1970, from {@code kube.sourceDateEpoch}
     * @param outputTimestamp {@code project.build.outputTimestamp} in seconds since 1970
     */
    public record VersionSettings(
            Optional<String> gitVersion,
            Optional<String> gitTreeState,
            Optional<String> gitCommit,
            OptionalLong sourceDateEpoch,
            OptionalLong outputTimestamp) {}

    /**
     * Flags of the go command, as upstream means them; an empty text inside an Optional means set but empty.
     *
     * @param goFlags GOFLAGS
     * @param goLdFlags GOLDFLAGS
     * @param goGcFlags GOGCFLAGS
     * @param byMake whether the tree's own make compiles, unrecorded
     */
    public record GoSettings(
            Optional<String> goFlags, Optional<String> goLdFlags, Optional<String> goGcFlags, boolean byMake) {}

    /**
     * Names, bases and pulling of images.
     *
     * @param registry KUBE_DOCKER_REGISTRY
     * @param imageTag KUBE_DOCKER_IMAGE_TAG
     * @param baseImageRegistry KUBE_BASE_IMAGE_REGISTRY
     * @param pull when to fetch
     * @param baseImageArchives reference to a docker-archive tar that holds it, for sites without a registry
     */
    public record ImageSettings(
            Optional<String> registry,
            Optional<String> imageTag,
            Optional<String> baseImageRegistry,
            PullPolicy pull,
            Map<String, Path> baseImageArchives) {
        public ImageSettings {
            baseImageArchives = Map.copyOf(baseImageArchives);
        }
    }

    /**
     * Where the Docker engine is.
     *
     * @param host {@code unix:///…}, {@code tcp://…}; empty for DOCKER_HOST, contexts and well-known sockets, in this order
     * @param certificates directory with ca.pem, cert.pem and key.pem for TLS
     * @param cgroupParent cgroup of the build container (DOCKER_CGROUP_PARENT)
     * @param network whether all commands in the build container have the network; else those that need it
     * @param memory most that the build container may use, in bytes; empty for no limit
     */
    public record EngineSettings(
            Optional<String> host,
            Optional<Path> certificates,
            Optional<String> cgroupParent,
            boolean network,
            OptionalLong memory) {}

    /**
     * How sources come into the workspace.
     *
     * @param rsyncPort KUBE_RSYNC_PORT; 0 for one that the engine chooses
     * @param rsyncCompress KUBE_RSYNC_COMPRESS, 0 to 9; 0 for none
     */
    public record TransportSettings(Kind kind, int rsyncPort, int rsyncCompress) {

        /** As a tar stream. */
        public static final TransportSettings ARCHIVE = new TransportSettings(Kind.ARCHIVE, 0, 0);

        /** The ways that there are. */
        public enum Kind {
            /** As a tar stream through the engine's API. */
            ARCHIVE,
            /** Not at all: the tree is mounted. */
            BIND,
            /** By rsync, through a daemon in a container. */
            RSYNC
        }
    }

    /** Kinds of workspaces. */
    public enum WorkspaceKind {
        /** On a Docker engine. */
        CONTAINER,
        /** On this machine itself. */
        HOST
    }

    /**
     * Where commands run.
     *
     * @param kind empty for a container where an engine answers, else this machine
     * @param goSdk GOROOT of the Go to build with on this machine; relative to the tree if relative
     * @param archive the same, to be fetched
     */
    public record WorkspaceSettings(
            Optional<WorkspaceKind> kind, Optional<Path> goSdk, Optional<SdkArchives.Wanted> archive) {

        /** Nobody says anything. */
        public static final WorkspaceSettings UNSAID =
                new WorkspaceSettings(Optional.empty(), Optional.empty(), Optional.empty());

        /** Whether this machine is asked for; whoever names a Go for it does. */
        public boolean isHost() {
            return kind.map(WorkspaceKind.HOST::equals).orElse(goSdk.isPresent() || archive.isPresent());
        }
    }

    /**
     * Proxies and mirrors.
     *
     * @param httpProxy URL with credentials if any; an empty text where there shall be none
     * @param httpsProxy the same
     * @param noProxy hosts that are reached without
     * @param mirrors registry or repository prefix to mirrors, tried in order
     * @param credentials looks up credentials of a registry in settings.xml
     * @param goProxy where Go fetches modules in the workspace (GOPROXY)
     * @param authorities files with certificates that are believed (PEM)
     */
    public record NetworkSettings(
            Optional<String> httpProxy,
            Optional<String> httpsProxy,
            NoProxy noProxy,
            Map<String, List<String>> mirrors,
            CredentialSource credentials,
            Optional<String> goProxy,
            List<Path> authorities) {
        public NetworkSettings {
            mirrors = Map.copyOf(mirrors);
            authorities = List.copyOf(authorities);
        }

        /** On the way to what the plugin fetches itself. */
        public WebProxies proxies() {
            return WebProxies.of(httpProxy, httpsProxy, noProxy);
        }
    }

    /**
     * Which work to do although it is up to date.
     *
     * @param steps to do again; what follows from them is found out as ever
     * @param everything whether all of them are, and what is no step as well, such as the export of the cache
     */
    public record Force(Set<StepName> steps, boolean everything) {

        /** Only what is not up to date. */
        public static final Force NOTHING = new Force(Set.of(), false);

        /** All work. */
        public static final Force EVERYTHING = new Force(Set.of(StepName.values()), true);

        public Force {
            steps = Set.copyOf(steps);
        }

        /** Whether this step is to be done again. */
        public boolean step(StepName name) {
            return steps.contains(name);
        }
    }

    /**
     * Go build caches of other machines, taken and given around a build.
     *
     * @param importFrom file to take where the workspace has none of its own; relative to the tree if relative
     * @param exportTo file to write after the build; relative to the tree if relative
     */
    public record CacheSettings(Optional<Path> importFrom, Optional<Path> exportTo) {

        /** Neither. */
        public static final CacheSettings NONE = new CacheSettings(Optional.empty(), Optional.empty());
    }
}
