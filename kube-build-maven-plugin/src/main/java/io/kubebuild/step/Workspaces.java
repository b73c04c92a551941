package io.kubebuild.step;

import io.kubebuild.io.TarOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.TreeRoot;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Opening the workspace of a build, and small files that go into it. */
final class Workspaces {

    private static final String VERSION = "version-file";

    private Workspaces() {}

    /** The workspace on that data container, with the variables that upstream gives its build container. */
    static Workspace open(BuildContext context, String dataContainer) {
        Map<String, String> variables = new TreeMap<>(environment(context));
        variables.putAll(
                ContainerEnvironment.ofContainerAlone(context.request(), ContainerProxies.ofWorkspace(context)));
        if (!context.tree().era().hasBuildImage()) {
            variables.putAll(ContainerEnvironment.withoutBuildImage());
        }
        return context.workspace(dataContainer, variables);
    }

    /** Variables of every command of the tree's scripts. */
    static Map<String, String> environment(BuildContext context) {
        Verified verified = Steps.verified(context);
        Map<String, String> variables = new TreeMap<>(ContainerEnvironment.of(
                context.request(), verified.platforms(), verified.epochSeconds(), context.builderOs()));
        variables.putAll(new GoVariables(context.request(), GoScript.of(context.tree())).variables());
        variables.put("KUBE_OUTPUT_SUBPATH", "_output/dockerized");
        variables.put("KUBE_GIT_VERSION_FILE", context.root() + "/" + GitVersion.FILE);
        variables.putAll(untold(context));
        return variables;
    }

    /** What a Go that is newer than the tree has to be told, because the tree's scripts do not know that they should. */
    private static Map<String, String> untold(BuildContext context) {
        TreeRoot tree = context.tree();
        Map<String, String> variables = new TreeMap<>();
        if (tree.text("go.mod").isEmpty()) {
            // Scripts to v1.14 do not say that they mean a GOPATH; a Go from 1.16 on would look for modules.
            variables.put("GO111MODULE", "off");
        }
        // Scripts to v1.10 know no build cache, and later ones call go in places where they have not set it up.
        variables.put("GOCACHE", context.root() + "/" + goCache(tree.text("hack/lib/golang.sh")));
        return variables;
    }

    /** Where {@code kube::golang::setup_env} has it: in a directory of its own where it takes one that is given. */
    private static String goCache(Optional<String> script) {
        boolean ownDirectory =
                script.filter(text -> text.contains("cache/build")).isPresent();
        return "_output/dockerized/go/cache" + (ownDirectory ? "/build" : "");
    }

    /**
     * A version file in a workspace.
     *
     * @param workspace identity of the workspace
     * @param text of the file
     */
    record VersionFile(String workspace, String text) {}

    /**
     * The version that verify-prereqs fixed, for the tree's scripts; it may have been another one at the last sync. Does nothing where the
     * last one that was put there is the same: asking the engine for it takes a quarter of a second.
     */
    static void putVersionFile(BuildContext context, Workspace workspace) {
        String record = context.ofWorkspace(VERSION);
        VersionFile wanted = new VersionFile(
                workspace.identity(), Steps.verified(context).version().format());
        // A tree that is mounted is everybody's.
        boolean there = !new Transports(context).bound()
                && context.state().read(record, VersionFile.class).equals(Optional.of(wanted));
        if (!there) {
            Steps.forget(context, record);
            putFile(workspace, context.root(), GitVersion.FILE, wanted.text());
            Steps.write(context, record, wanted);
        }
    }

    /** Takes the record back before anything runs that may change or delete the file; returns it. */
    static Optional<VersionFile> forgetVersionFile(BuildContext context) {
        String record = context.ofWorkspace(VERSION);
        Optional<VersionFile> there = context.state().read(record, VersionFile.class);
        Steps.forget(context, record);
        return there;
    }

    /** Puts the record back after nothing has happened to the file. */
    static void keepVersionFile(BuildContext context, Optional<VersionFile> there) {
        there.ifPresent(file -> Steps.write(context, context.ofWorkspace(VERSION), file));
    }

    private static void putFile(Workspace workspace, String directory, String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        try {
            workspace.put(directory, out -> {
                TarArchiveOutputStream tar = TarOutput.to(out);
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(content.length);
                entry.setMode(0644);
                entry.setIds(workspace.owner().uid(), workspace.owner().gid());
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
                tar.finish();
                tar.flush();
            });
        } catch (IOException e) {
            throw KubeException.build(
                    "cannot write " + directory + "/" + name + " in the workspace",
                    e.toString(),
                    "check the engine and its disk, then run again",
                    e);
        }
    }
}
