package io.kubebuild.step;

import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.GoScript;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Opening the workspace of a build, and small files that go into it. */
final class Workspaces {

    private Workspaces() {}

    /** The workspace on that data container, with the variables that upstream gives its build container. */
    static Workspace open(BuildContext context, String dataContainer) {
        Map<String, String> variables = new TreeMap<>(environment(context));
        variables.putAll(ContainerEnvironment.ofContainerAlone(context.request()));
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
        return variables;
    }

    /** The version that verify-prereqs fixed, for the tree's scripts; it may have been another one at the last sync. */
    static void putVersionFile(BuildContext context, Workspace workspace) {
        putFile(
                workspace,
                context.root(),
                GitVersion.FILE,
                Steps.verified(context).version().format());
    }

    private static void putFile(Workspace workspace, String directory, String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        try {
            workspace.put(directory, out -> {
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
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
