package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.ScriptSettings;
import io.kubebuild.step.BuildResult;
import io.kubebuild.step.Pipeline;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/**
 * What all goals share: the parameters, read once into an immutable request, and the frame around the work. The javadoc of
 * the parameters is their reference.
 *
 * <p>Parameters are texts even where they mean a number or a flag: a value that does not fit is then a problem with a name,
 * reported together with all others, and never silently a default.
 */
@SuppressWarnings("NullAway.Init") // Maven sets session, project and execution before it calls execute()
public abstract class KubeMojo extends AbstractMojo {

    /**
     * The Kubernetes source tree: the directory that holds <code>hack/</code> and <code>build/</code>. Default: the project's
     * directory; without a POM the current directory. It is an error if it holds no Kubernetes.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.root")
    @Nullable
    File root;

    /**
     * Where results are written, relative to the tree if relative: a directory of the tree's root that only builds use, or one
     * outside of the tree.
     * Default: <code>_output</code> in the tree, where Kubernetes' own scripts and tools such as kind look for them. Upstream's
     * variable: OUT_DIR.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.outputDirectory")
    @Nullable
    String outputDirectory;

    /**
     * More files and directories of the tree that are none of Kubernetes': paths relative to the tree, separated by commas or blanks, for
     * example <code>ci/reports</code>. They are not compiled and packed, and do not make the tree dirty, unless git tracks them. Default:
     * those of Maven projects, and what Maven, its usual plugins and Eclipse write beside them, which always count so.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.projectFiles")
    @Nullable
    List<String> projectFiles;

    /**
     * The platforms to build, each <code>GOOS/GOARCH</code>, separated by commas or blanks; for example
     * <code>linux/amd64,linux/arm64</code>. Default: those that the tree itself builds. Upstream's variable:
     * KUBE_BUILD_PLATFORMS. A platform that the tree does not know for any kind of binary is an error that names those it knows.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.platforms")
    @Nullable
    List<String> platforms;

    /**
     * <code>true</code> for upstream's quick release: the tree builds one platform instead of all. <code>kube.platforms</code>
     * goes before it. Default: <code>false</code>, with kube:quick-release <code>true</code>. Upstream's variable: KUBE_FASTBUILD
     * (<code>true</code> or <code>false</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.quick")
    @Nullable
    String quick;

    /**
     * <code>true</code> to build the conformance image, <code>false</code> to leave it out. Default: as the tree's
     * <code>build/lib/release.sh</code> has it (v1.13 to v1.20: built; later: not). Upstream's variable: KUBE_BUILD_CONFORMANCE
     * (<code>y</code> or <code>n</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.conformance")
    @Nullable
    String conformance;

    /**
     * <code>true</code> to build the hyperkube image where the tree has one (up to v1.18), <code>false</code> to leave it out.
     * Default: as the tree's version has it. <code>true</code> is an error where the tree has none. Upstream's variable:
     * KUBE_BUILD_HYPERKUBE (<code>y</code> or <code>n</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.hyperkube")
    @Nullable
    String hyperkube;

    /**
     * The version to build as, for example <code>v1.20.2</code> or <code>v1.20.2-acme.1</code>. Default: what git says, in the
     * way of the tree's <code>hack/lib/version.sh</code>. Upstream's variable: KUBE_GIT_VERSION. Given here or with
     * <code>-D</code> it wins over everything; from the environment upstream's rule holds. It is an error if it is no version as
     * Kubernetes writes it.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.git.version")
    @Nullable
    String gitVersion;

    /**
     * What the binaries say about the tree: <code>clean</code>, <code>dirty</code> or <code>archive</code>. Default: what git
     * says. Upstream's variable: KUBE_GIT_TREE_STATE. The source tarball always follows the real state.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.git.treeState")
    @Nullable
    String gitTreeState;

    /**
     * The commit that the binaries name, 7 to 64 hexadecimal digits. Default: what git says. Upstream's variable:
     * KUBE_GIT_COMMIT.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.git.commit")
    @Nullable
    String gitCommit;

    /**
     * The build date that goes into binaries and archives, in seconds since 1970. Default, in this order:
     * <code>project.build.outputTimestamp</code>, the variable SOURCE_DATE_EPOCH, the time of the commit that the binaries name, the
     * time of the commit that is checked out, for a tree without git the newest modification time in it.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.sourceDateEpoch")
    @Nullable
    String sourceDateEpoch;

    /**
     * Flags for every go command, separated by blanks, each with its value (<code>-tags=a,b</code>); <code>none</code> for set but empty. Default: the tree's. Upstream's
     * variable: GOFLAGS.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goFlags")
    @Nullable
    String goFlags;

    /**
     * Flags for Go's linker; <code>none</code> for set but empty, which keeps the symbols in trees from v1.15 to v1.23. Default:
     * the tree's. Upstream's variable: GOLDFLAGS.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goLdFlags")
    @Nullable
    String goLdFlags;

    /**
     * Flags for Go's compiler; <code>none</code> for set but empty. Default: the tree's. Upstream's variable: GOGCFLAGS.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goGcFlags")
    @Nullable
    String goGcFlags;

    /**
     * The registry in the names of the server images, without scheme and tag, for example <code>registry.example.com/k8s</code>. Default: the tree's.
     * Upstream's variable: KUBE_DOCKER_REGISTRY. Nothing is pushed.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.registry")
    @Nullable
    String registry;

    /**
     * The tag in the names of the server images. Default: the version. Upstream's variable: KUBE_DOCKER_IMAGE_TAG.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.imageTag")
    @Nullable
    String imageTag;

    /**
     * The registry that the bases of the server images come from, where the tree lets it be chosen (from v1.19). Default: the
     * tree's. Upstream's variable: KUBE_BASE_IMAGE_REGISTRY. To fetch from elsewhere under the tree's own names, see
     * <code>kube.mirrors</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.baseImageRegistry")
    @Nullable
    String baseImageRegistry;

    /**
     * When images are fetched: <code>always</code>, <code>missing</code> (only those that are not here yet) or
     * <code>never</code>. Default: <code>missing</code>. Upstream's variable: KUBE_BUILD_PULL_LATEST_IMAGES (<code>y</code> is
     * always, <code>n</code> is missing). With <code>mvn -o</code> nothing is fetched.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.pull")
    @Nullable
    String pull;

    /**
     * Where images are fetched instead: <code>PREFIX=MIRROR</code>, separated by commas or blanks, the prefix being a registry
     * or the beginning of an image's name; for example <code>k8s.gcr.io=nexus.example.com:5000/k8s</code>. Several mirrors of one
     * prefix are tried in order. What a mirror gave gets the name that the tree uses. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.mirrors")
    @Nullable
    List<String> mirrors;

    /**
     * Base images as files, for sites without a registry: <code>IMAGE=FILE</code>, separated by commas or blanks, each file one that
     * <code>docker load</code> takes (as <code>docker save</code> writes it, or an OCI layout as a tar file; compressed by gzip, bzip2, xz,
     * zstd or not at all), relative to the tree if relative. Of several platforms in it the one that is needed is taken. It is an error if
     * a file is not there. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.baseImageArchives")
    @Nullable
    List<String> baseImageArchives;

    /**
     * The Docker engine: <code>unix:///var/run/docker.sock</code> or <code>tcp://host:2376</code>. Default, in this order: the
     * variable DOCKER_HOST, the context that DOCKER_CONTEXT or the docker command's configuration names, the sockets at their
     * usual places.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.docker.host")
    @Nullable
    Address dockerHost;

    /**
     * Directory with <code>ca.pem</code>, <code>cert.pem</code> and <code>key.pem</code>, all three, for an engine that wants TLS. Default:
     * the variable DOCKER_CERT_PATH, or what the docker context says.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.docker.certPath")
    @Nullable
    File dockerCertPath;

    /**
     * Where commands run: <code>container</code>, on a Docker engine, or <code>host</code>, on this machine itself, with its own Go and
     * no Docker. Default: <code>container</code>; but <code>host</code> where no engine answers and none is named, or where a Go SDK is
     * named.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.workspace")
    @Nullable
    String workspace;

    /**
     * The Go to build with in the host workspace: the directory (GOROOT) that holds <code>bin/go</code>. Default: the machine's own, on
     * PATH, in <code>/usr/local/go</code> or of Debian's packages. It must be one that the tree accepts.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goSdk")
    @Nullable
    File goSdk;

    /**
     * The same, to be fetched: address of the <code>.tar.gz</code> that Go is published as, by <code>https</code>, <code>http</code> or
     * <code>file</code>. It is kept in the user's cache. Default: none is fetched.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goSdk.url")
    @Nullable
    Address goSdkUrl;

    /**
     * SHA-256 of what <code>kube.goSdk.url</code> names, as the publisher tells it. Required with that. Anything else is refused, and not
     * kept.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goSdk.sha256")
    @Nullable
    String goSdkSha256;

    /**
     * Proxy for <code>http:</code> addresses, as a URL, for fetching base images, for builds of images and for commands in the
     * build container; it is never left in an image. What the engine pulls goes through the engine's own proxy. <code>none</code>
     * for no proxy. Default: the active proxy of settings.xml; without one, builds and containers get the <code>proxies</code> of docker's
     * <code>config.json</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.httpProxy")
    @Nullable
    Address httpProxy;

    /**
     * The same for <code>https:</code> addresses. Default: the active proxy of settings.xml with protocol https, else the one
     * with protocol http.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.httpsProxy")
    @Nullable
    Address httpsProxy;

    /**
     * Hosts that are reached without a proxy, separated by commas: <code>registry.example.com</code>, which is all below it, too,
     * <code>.example.com</code>, <code>nexus*.example.com</code>, <code>10.0.0.0/8</code> or <code>10.*</code>, <code>[::1]</code>,
     * <code>*</code>, with a port if only that is meant. Default: the <code>nonProxyHosts</code> of all active proxies of settings.xml.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.noProxy")
    @Nullable
    String noProxy;

    /**
     * Files with certificates (PEM) of authorities to believe besides those of the JDK, the system and docker's <code>certs.d</code>,
     * separated by commas or blanks, relative to the tree if relative: for base images and Go SDKs that the plugin fetches itself. The engine
     * and commands in the build container have authorities of their own. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.ca")
    @Nullable
    List<String> ca;

    /**
     * Whether commands in the build container have a network. <code>auto</code>: tests, <code>kube:run</code> and <code>kube:shell</code> do,
     * and where <code>kube.goProxy</code> or <code>kube.goToolchain</code> lets Go fetch something all commands; what a release is made
     * with needs none and gets none. <code>on</code>: all do. Default: <code>auto</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.network")
    @Nullable
    String network;

    /**
     * Takes the place of host name, directory and branch in the names of containers and images: letters, digits,
     * <code>_ . -</code>. For build agents whose host name or directory changes with every build: they find their workspace again,
     * instead of leaving one behind each time. Default: names as Kubernetes' own scripts give them.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.workspaceId")
    @Nullable
    String workspaceId;

    /**
     * How targets are compiled. <code>plan</code>: the tree's scripts are recorded, and their go commands merged and run.
     * <code>make</code>: the tree's own make runs as it is, slower; for trees whose scripts the plugin cannot record. Default:
     * <code>plan</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.compiler")
    @Nullable
    String compiler;

    /**
     * How sources come into the workspace. <code>archive</code>: as a tar stream through the engine's API, what changed since the last
     * time. <code>bind</code>: not at all, the tree itself is mounted, and sources are generated in it; only on an engine that sees
     * the files of this machine. <code>rsync</code>: by the rsync program, through a daemon in a container, as Kubernetes' own scripts
     * do up to v1.34. Default: <code>archive</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.transport")
    @Nullable
    String transport;

    /**
     * The port of the engine's loopback address that <code>kube.transport=rsync</code> uses; <code>0</code> for one that the engine
     * chooses. Default: <code>0</code>. Upstream's variable: KUBE_RSYNC_PORT.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.rsync.port")
    @Nullable
    String rsyncPort;

    /**
     * How hard <code>kube.transport=rsync</code> compresses what it sends, from <code>0</code> (not at all) to <code>9</code>. Default:
     * <code>0</code>. Upstream's variable: KUBE_RSYNC_COMPRESS.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.rsync.compress")
    @Nullable
    String rsyncCompress;

    /**
     * How hard tarballs are compressed, from <code>1</code> (fast) to <code>9</code> (small), as gzip means it. The content is the same.
     * Default: <code>5</code>, which takes two thirds of the time of gzip's own 6 and gives tarballs that are 2 % larger.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.compressionLevel")
    @Nullable
    String compressionLevel;

    /**
     * A file that <code>kube:cache-export</code> wrote, relative to the tree if relative: taken in before the compile where the
     * workspace has no Go build cache yet, as on a new build agent. A file that is not there, is damaged or was made with another
     * plugin or cross image is told and left. Default: none.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cache.import")
    @Nullable
    String cacheImport;

    /**
     * Where to write the Go build cache after the build, as <code>kube:cache-export</code> does, relative to the tree if relative.
     * A place that cannot be written to, or that is among the sources, is an
     * error before the build; what cannot be written then is a warning. Default: it is not written.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cache.export")
    @Nullable
    String cacheExport;

    /**
     * <code>true</code> to do the work of all steps although everything is up to date. One step alone is forced with
     * <code>kube.force.</code> and its goal. Default: <code>false</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force")
    @Nullable
    String force;

    /**
     * <code>true</code> to describe the tree anew, although no file that its description comes from changed. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.verify-prereqs")
    @Nullable
    String forceVerifyPrereqs;

    /**
     * <code>true</code> to build the build image although it stands. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.build-image")
    @Nullable
    String forceBuildImage;

    /**
     * <code>true</code> to send all sources although the workspace holds them; what is generated is then generated and compiled anew. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.sync")
    @Nullable
    String forceSync;

    /**
     * <code>true</code> to generate sources, record the plan and compile everything although it stands; what Go's own build cache has stays there. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.cross-compile")
    @Nullable
    String forceCrossCompile;

    /**
     * <code>true</code> to compare all outputs by content although they were copied. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.copy-output")
    @Nullable
    String forceCopyOutput;

    /**
     * <code>true</code> to package and compress everything although it stands. Default: <code>kube.force</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.force.package-tarballs")
    @Nullable
    String forcePackageTarballs;

    /**
     * <code>true</code> for programs that a debugger can work with, in trees of every version: symbols are kept, optimisation and inlining
     * are off. Where the tree has a switch for that (from v1.24), it is thrown; elsewhere the plugin gives the flags that come to the same.
     * Default: <code>false</code>. Upstream's variable: DBG (<code>1</code> or <code>0</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.debug")
    @Nullable
    String debug;

    /**
     * <code>true</code> to compile programs that are not linked statically with Go's race detector, in trees that can (from v1.35); with
     * kube:test and its like, to run the tests with it, in all trees. Default: <code>false</code>. Upstream's variable: KUBE_RACE
     * (<code>-race</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.race")
    @Nullable
    String race;

    /**
     * <code>true</code> for server programs that count which of their code runs (from v1.12). They are compiled by the tree's own make, as
     * with <code>kube.compiler</code> <code>make</code>. Default: <code>false</code>. Upstream's variable: KUBE_BUILD_WITH_COVERAGE
     * (<code>y</code> or <code>n</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.coverage")
    @Nullable
    String coverage;

    /**
     * Names of programs to build with cgo although the tree links them statically, separated by commas or blanks; for example
     * <code>kube-apiserver</code>. An error where the tree does not let it be chosen (before v1.11). Default: none. Upstream's variable:
     * KUBE_CGO_OVERRIDES.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cgoOverrides")
    @Nullable
    List<String> cgoOverrides;

    /**
     * Names of programs to link statically although the tree does not, separated by commas or blanks; for example
     * <code>kubelet</code>. Up to v1.10 one name. Default: none. Upstream's variable: KUBE_STATIC_OVERRIDES.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.staticOverrides")
    @Nullable
    List<String> staticOverrides;

    /**
     * C compilers for cgo: <code>GOOS/GOARCH=COMPILER</code>, separated by commas or blanks, each the name of a program in the cross
     * image; for example <code>linux/arm64=aarch64-linux-gnu-gcc-12</code>. From v1.20 for some platforms, from v1.23 for all; an
     * error for one that the tree does not let be chosen. Default: the tree's. Upstream's variables: KUBE_LINUX_ARM64_CC and its like.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.compilers")
    @Nullable
    List<String> compilers;

    /**
     * The Go to build with: <code>local</code> for the cross image's, or a release such as <code>go1.22.5</code>, which the cross
     * image's Go (1.21 or later) fetches over the network of the build container. Default: the cross image's; where the
     * tree's <code>.go-version</code> names another, which upstream's scripts from v1.27 on fetch, the build asks before it starts. Upstream's variable: GOTOOLCHAIN.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goToolchain")
    @Nullable
    String goToolchain;

    /**
     * Where Go fetches modules and other releases of itself in the build container, as Go's GOPROXY. Compiling a release fetches
     * nothing: Kubernetes brings its modules along. Default: Go's own. Upstream's variable: GOPROXY.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.goProxy")
    @Nullable
    Address goProxy;

    /**
     * The name of the cross image (kube-cross) without its tag, for trees of every version. Default: the tree's. Upstream's variable:
     * KUBE_CROSS_IMAGE, which upstream's scripts know from v1.22 on. To fetch the tree's own from elsewhere, see
     * <code>kube.mirrors</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.crossImage")
    @Nullable
    String crossImage;

    /**
     * The tag of the cross image, likewise. Default: the tree's. Upstream's variable: KUBE_CROSS_VERSION.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.crossVersion")
    @Nullable
    String crossVersion;

    /**
     * Bases of single server images where the tree lets them be chosen (from v1.21): <code>NAME=IMAGE</code>, separated by commas or
     * blanks, the name one of <code>go-runner</code>, <code>kube-apiserver</code>, <code>kube-controller-manager</code>,
     * <code>kube-scheduler</code>, <code>kube-proxy</code>, <code>kubectl</code> and <code>setcap</code>. Default: the tree's. Upstream's
     * variables: KUBE_GORUNNER_IMAGE, KUBE_APISERVER_BASE_IMAGE and their like.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.baseImages")
    @Nullable
    List<String> baseImages;

    /**
     * <code>true</code> to make the one tarball with the tests of all platforms as well, in trees from v1.14 to v1.16;
     * <code>false</code> to leave it out. Default: as the tree has it. Upstream's variable: KUBE_BUILD_MONDO_TEST_TARBALL (<code>y</code>
     * or <code>n</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.mondoTestTarball")
    @Nullable
    String mondoTestTarball;

    /**
     * The cgroup that the build container is put into, as the engine names it; limits set there hold for the build. Default: the
     * engine's. Upstream's variable: DOCKER_CGROUP_PARENT.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cgroupParent")
    @Nullable
    String cgroupParent;

    /**
     * The most memory that the build container may use, swap included, as a number with <code>m</code> or <code>g</code>:
     * <code>6g</code>. At least <code>512m</code>; compiling Kubernetes takes some gigabytes. Compilers are started as the limit allows.
     * Where the engine cannot limit memory it says so. Default: no limit but the engine's.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.memory")
    @Nullable
    String memory;

    /**
     * <code>true</code> to do nothing at all. Default: <code>false</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.skip")
    @Nullable
    String skip;

    /**
     * How much the tree's own scripts say, <code>0</code> to <code>9</code>; it is seen with <code>mvn -X</code>. Default: the
     * tree's. Upstream's variable: KUBE_VERBOSE.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.verbose")
    @Nullable
    String verbose;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    MavenSession session;

    @Parameter(defaultValue = "${project}", readonly = true)
    @Nullable
    MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    MojoExecution execution;

    @Inject
    SettingsDecrypter decrypter;

    /** The process environment; tests put their own. */
    Map<String, String> environment = System.getenv();

    /** What the JVM says that it runs on; tests put their own. */
    String operatingSystem = System.getProperty("os.name", "");

    /** For a Mojo of this package. */
    KubeMojo() {}

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        boolean watched = session.getSettings().isInteractiveMode() && onTerminal();
        LogListener listener = new LogListener(getLog(), watched, Clock.systemUTC(), Summary.of(project));
        try {
            ParameterReader reader = reader();
            if (reader.flag(ParameterName.of("kube.skip"), skip).orElse(false)) {
                getLog().info(execution.getGoal() + ": skipped (kube.skip is true)");
                skipped(listener);
                return;
            }
            BuildRequest request = request(reader);
            tellOnce(reader.origins(), listener);
            tellOnce(Pipeline.remark(request).stream().toList(), listener);
            build(pipeline(request, listener), listener);
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            listener.failed(String.valueOf(e.getMessage()));
            throw new ErrorTranslator().translate(e);
        } finally {
            if (isFollowed()) {
                listener.pause();
            } else {
                listener.close();
            }
        }
    }

    /** Whether goals for other steps of the same build come after this one: in the lifecycle they do, up to the packaging. */
    boolean isFollowed() {
        return execution.getLifecyclePhase() != null;
    }

    /** A project's artifacts are its own: another one may be built of the same tree in the same run of Maven. */
    private Pipeline pipeline(BuildRequest request, BuildListener listener) {
        return hasPom()
                ? Pipeline.of(request, release().comparing(listener)).keepingRelease()
                : Pipeline.of(request, listener);
    }

    /** The goal's work, on a request without problems. */
    abstract void build(Pipeline pipeline, LogListener listener);

    /** What else has to be left out where nothing is built. */
    void skipped(BuildListener listener) {}

    /** Makes what was built artifacts of the project, where there is one. */
    final void attach(BuildResult result, MavenProjectHelper helper, BuildListener listener) {
        if (hasPom()) {
            release().attach(result.artifacts(), helper, listener);
        }
    }

    /** The project as one that a release is built in, where {@link #hasPom()}. */
    final ReleaseProject release() {
        return new ReleaseProject(projectOrFail());
    }

    /** Targets to build; empty for everything that a release needs. */
    List<String> targets(ParameterReader reader) {
        return List.of();
    }

    /** Whether the goal belongs to a build that makes images and tarballs. */
    boolean packages() {
        return true;
    }

    /** What the build of the goal makes of binaries. */
    BuildRequest.Packaging packaging() {
        return packages() ? BuildRequest.Packaging.RELEASE : BuildRequest.Packaging.NOTHING;
    }

    /** What <code>kube.quick</code> is where nobody says it. */
    boolean isQuick() {
        return false;
    }

    /** Reads what only this goal has. */
    void readMore(ParameterReader reader) {}

    /** A reader that has already looked for parameters that nobody has. */
    final ParameterReader reader() {
        Properties userProperties = session.getUserProperties();
        ParameterReader reader = new ParameterReader(
                environment, userProperties, hasPom() ? projectOrFail().getProperties() : new Properties());
        new UnknownParameters(execution.getMojoDescriptor().getPluginDescriptor())
                .among(userProperties.stringPropertyNames())
                .forEach(reader::problem);
        if (operatingSystem.startsWith("Windows")) {
            reader.problem(new Problem(
                    "Kubernetes cannot be built on Windows itself",
                    "its scripts need bash, and its files symbolic links and modes",
                    "run the build in WSL 2, with the tree on its own file system"));
        }
        return reader;
    }

    /**
     * All parameters as one request.
     *
     * @throws KubeException with every problem found
     */
    final BuildRequest request(ParameterReader reader) {
        Path tree = tree();
        FileParameters files = files(reader);
        reader.words(ParameterName.of("kube.projectFiles"), projectFiles, ProjectFiles::parse, ProjectFiles.ALLOWED);
        files.path("kube.root", root);
        CredentialSource credentials = new SettingsCredentials(session.getSettings(), decrypter);
        ProxySettings proxies = ProxySettings.of(session.getSettings(), decrypter);
        RequestParts parts = new RequestParts(reader, this);
        ScriptSettings scripts = new ScriptParts(reader, this).settings();
        BuildRequest request = new BuildRequest(
                tree,
                files.path(ParameterName.of("kube.outputDirectory", "OUT_DIR"), outputDirectory),
                parts.workspaceId(),
                parts.selection(targets(reader), packaging()),
                parts.version(hasPom() ? Optional.of(projectOrFail()) : Optional.empty()),
                parts.go(scripts.binaries().coverage()),
                scripts,
                parts.images(tree, files),
                parts.engine(files),
                parts.transport(),
                parts.workspace(files),
                new NetworkParts(reader, this).read(proxies, credentials, files),
                new BuildRequest.CacheSettings(
                        files.toTry(ParameterName.of("kube.cache.import"), cacheImport),
                        files.toWrite(ParameterName.of("kube.cache.export"), cacheExport)),
                parts.compressionLevel(),
                session.isOffline(),
                parts.force(),
                parts.verbose(),
                environment,
                projectFiles(),
                execution.getMojoDescriptor().getPluginDescriptor().getVersion());
        readMore(reader);
        reader.throwProblems();
        return request;
    }

    /** A reader of parameters that name files, which knows where in the tree there are no sources. */
    final FileParameters files(ParameterReader reader) {
        Path tree = tree();
        List<Path> outputs = new ArrayList<>();
        outputs.add(tree.resolve(OutputDirectory.USUAL));
        Optional.ofNullable(outputDirectory)
                .or(() -> Optional.ofNullable(environment.get("OUT_DIR")))
                .flatMap(FileParameters::parse)
                .ifPresent(directory -> outputs.add(tree.resolve(directory).normalize()));
        projectFiles().forEach(file -> outputs.add(tree.resolve(file)));
        return new FileParameters(reader, tree, outputs);
    }

    private List<String> projectFiles() {
        List<MavenProject> projects = new ArrayList<>();
        if (hasPom()) {
            projects.add(projectOrFail());
        }
        projects.addAll(Optional.ofNullable(session.getProjects()).orElse(List.of()));
        return ProjectFiles.below(tree(), projects, ProjectFiles.named(projectFiles));
    }

    /** Whether the goal runs for a project that somebody wrote, not for the one that Maven invents without a POM. */
    final boolean hasPom() {
        return project != null && project.getFile() != null;
    }

    /** The project, where {@link #hasPom()}. */
    final MavenProject projectOrFail() {
        if (project == null) {
            throw new IllegalStateException("no project");
        }
        return project;
    }

    /** Six goals run in one project: where a value came from is told by the first that reads it. */
    final void tellOnce(List<BuildListener.Fact> origins, BuildListener listener) {
        String key = KubeMojo.class.getName() + ".origins";
        Set<Object> told = new HashSet<>();
        if (project != null && project.getContextValue(key) instanceof Set<?> earlier) {
            told.addAll(earlier);
        }
        origins.stream().filter(told::add).forEach(listener::on);
        if (project != null) {
            project.setContextValue(key, told);
        }
    }

    final Path tree() {
        String directory = hasPom() ? projectOrFail().getBasedir().getPath() : session.getExecutionRootDirectory();
        return Optional.ofNullable(root)
                .flatMap(file -> FileParameters.parse(file.getPath()))
                .orElse(Path.of(directory))
                .toAbsolutePath()
                .normalize();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // from JDK 22 on also set without a terminal: a few lines of progress too many
    private static boolean onTerminal() {
        return System.console() != null;
    }
}
