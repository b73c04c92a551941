package io.kubebuild.step;

import io.kubebuild.cache.CacheExport;
import io.kubebuild.cache.CacheHeader;
import io.kubebuild.cache.CacheImport;
import io.kubebuild.cache.CacheKey;
import io.kubebuild.cache.Contents;
import io.kubebuild.cache.GoCaches;
import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.Zstd.NativeLibraryException;
import io.kubebuild.output.HostFiles;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.UnsentFiles;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this workspace gives to others and takes from them: Go's build cache, linked programs, generated sources. No cache is ever
 * needed, so what cannot be used is told in one line and left.
 */
final class SharedCache {

    private static final String RECORD = "cache-exported";

    /** Name under which {@link GoCaches} keeps what generating used. */
    static final String GENERATED = "generated";

    private final BuildContext context;

    /**
     * What an export left.
     *
     * @param compiled hash of the compile that it came from
     * @param file stat of the file, by path
     */
    record Exported(String compiled, Map<String, String> file) {}

    SharedCache(BuildContext context) {
        this.context = context;
    }

    /** Around a build that has succeeded: a cache that cannot be written does not change that. */
    void writeIfPossible(Path named) throws InterruptedException {
        CacheTrouble.orWarn(context.listener(), () -> write(named));
    }

    /** Writes a file with what the last build used; leaves it where it is that already. Returns its absolute path. */
    Path write(Path named) throws InterruptedException {
        Path file = place(named);
        requireWorkspace();
        // Images alone may have been made of what a release compiled.
        new ImageTargets(context).standInRelease();
        CrossCompile.Compiled compiled = CrossCompile.compiled(context);
        String fingerprint = Fingerprint.builder()
                .add("compiled", compiled)
                .add("key", key())
                .build()
                .id();
        try {
            if (!context.request().force().everything() && stands(file, fingerprint)) {
                context.listener().on(new BuildListener.Fact("cache", file + " is up to date"));
                return file;
            }
            Steps.forget(context, RECORD);
            Workspace workspace = Workspaces.open(context, compiled.synced().dataContainer());
            Optional<UnsentFiles.Found> generated = generated(workspace, compiled.synced());
            Contents contents = new CacheExport(workspace, threads())
                    .write(
                            new CacheExport.Wanted(
                                    CacheHeader.of(key(), generated.isPresent() ? generatedFor() : ""),
                                    List.of(new Planner(context).kind(), GENERATED),
                                    programs(),
                                    generated.orElse(new UnsentFiles.Found(List.of(), List.of())),
                                    generated.isPresent() ? records() : Map.of()),
                            file);
            Steps.write(context, RECORD, new Exported(fingerprint, HostFiles.of(List.of(file))));
            context.listener().on(new BuildListener.Fact("cache", contents + " exported"));
            context.listener().on(new BuildListener.Produced("cache", file, Files.size(file)));
            return file;
        } catch (NativeLibraryException e) {
            throw KubeException.build("the cache could not be written to " + file, e.why(), e.fix(), e);
        } catch (IOException e) {
            throw KubeException.build(
                    "the cache could not be written to " + file,
                    e.toString(),
                    "make room and see that the directory may be written; if an entry of the cache is damaged, mvn"
                            + " kube:clean begins with an empty one",
                    e);
        }
    }

    private boolean stands(Path file, String fingerprint) throws IOException {
        Map<String, String> stat = HostFiles.of(List.of(file));
        return !stat.isEmpty()
                && context.state()
                        .read(RECORD, Exported.class)
                        .filter(new Exported(fingerprint, stat)::equals)
                        .isPresent();
    }

    /** Relative to the tree if relative; never among the sources, which it would change. */
    private Path place(Path named) {
        Path file = context.tree().path().resolve(named).normalize();
        boolean source = file.startsWith(context.tree().path())
                && !file.startsWith(context.output())
                && context.notSources().stream()
                        .noneMatch(name -> file.startsWith(context.tree().resolve(name)));
        if (source) {
            throw KubeException.user(
                    "the cache would be written to " + file,
                    "there it would count as a source of the tree",
                    "name a file outside of the tree or in " + context.output());
        }
        return file;
    }

    private void requireWorkspace() {
        String container = Sync.synced(context).dataContainer();
        if (!context.premises().keeps(container)) {
            throw KubeException.user(
                    "there is no Go build cache to export",
                    "the data container " + new Transports(context).dataContainer() + " of the last build is gone",
                    "run kube:release or kube:compile first");
        }
    }

    /**
     * Programs that go will find up to date. It reads from them what they are made of, and links anew where that is left out: with
     * {@code -buildid=} for the linker, as trees from v1.19 to v1.23 have it. Tests it links always.
     */
    private List<String> programs() {
        return new Planner(context)
                .kept(Sync.snapshot(context)).stream()
                        .flatMap(plan -> plan.jobs().stream())
                        .filter(job -> job.command().verb().equals("install"))
                        .filter(job -> Stream.concat(
                                        job.command().argv().stream(), job.command().variable("GOFLAGS").stream())
                                .noneMatch(word -> word.contains("-buildid")))
                        .flatMap(job -> job.outputs().stream())
                        .map(PromisedOutput::path)
                        .toList();
    }

    /** Sources that were generated for the sources that lie in the workspace; empty where nobody can be sure of that. */
    private Optional<UnsentFiles.Found> generated(Workspace workspace, Sync.Synced synced)
            throws IOException, InterruptedException {
        SourceSnapshot sources = Sync.snapshot(context);
        return Generated.isOf(context, synced)
                        && Sync.synced(context).equals(synced)
                        && sources.id().equals(synced.snapshot())
                ? UnsentFiles.in(workspace, sources, context.inward())
                : Optional.empty();
    }

    /** Before the first compile of a new workspace; one that has a cache of its own gains little. */
    void readWhereEmpty(Path file) throws InterruptedException {
        Workspace workspace = Workspaces.open(context, Sync.synced(context).dataContainer());
        if (new GoCaches(workspace).isEmpty()) {
            read(file);
        } else {
            context.listener()
                    .on(new BuildListener.Fact("cache", "not imported, the workspace has a Go build cache of its own"));
        }
    }

    /** Takes a file in, after a sync and before the compile; what is wrong with it is a warning. */
    void read(Path named) throws InterruptedException {
        Path file = context.tree().path().resolve(named).normalize();
        Sync.Synced synced = Sync.synced(context);
        SourceSnapshot sources = Sync.snapshot(context);
        boolean generatedStands = Generated.standing(context, synced).isPresent();
        Workspace workspace = Workspaces.open(context, synced.dataContainer());
        try {
            Sync.forgetBare(context);
            GeneratedElsewhere elsewhere = new GeneratedElsewhere(context, sources);
            CacheImport.Imported imported = new CacheImport(workspace, Clock.systemUTC())
                    .read(
                            file,
                            new CacheImport.Wanted(
                                    key(),
                                    generatedStands ? "" : generatedFor(),
                                    elsewhere::standsHere,
                                    path -> sources.entries().containsKey(path),
                                    elsewhere::isSameSource));
            if (imported.generated()) {
                Generated.take(context, workspace, synced, sources, elsewhere.inputs());
            }
            context.listener().on(new BuildListener.Fact("cache", imported.inWords() + " imported from " + file));
        } catch (IOException | KubeException e) {
            context.listener()
                    .on(new BuildListener.Warning("ignoring the cache " + file + ": "
                            + String.valueOf(e instanceof KubeException ? e.getMessage() : reason(e))
                                    .lines()
                                    .findFirst()
                                    .orElse("")));
        }
    }

    private Map<String, Path> records() {
        return Map.of(
                GeneratedElsewhere.SOURCES,
                context.state().file(context.ofWorkspace(GeneratedElsewhere.SOURCES)),
                Generated.RECORD + ".json",
                context.state().file(context.ofWorkspace(Generated.RECORD + ".json")));
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : String.valueOf(e.getMessage());
    }

    private CacheKey key() {
        return new CacheKey(
                context.request().pluginVersion(),
                Steps.verified(context).crossImageId(),
                context.premises().platform(),
                context.root());
    }

    /** Everything that generated sources come from; the key of the cache stands for Go and the plugin. */
    private String generatedFor() {
        return Fingerprint.builder()
                .add("sources", Sync.synced(context).snapshot())
                .add("filter", context.inward().id())
                .add("key", key())
                .build()
                .id();
    }

    private static int threads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }
}
