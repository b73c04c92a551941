package io.kubebuild.release;

import io.kubebuild.io.FileModes;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tree of our own that packages as real ones do, in a temporary directory. */
record SmallTree(Path root) {

    static final Platform LINUX = new Platform("linux", "amd64");
    static final List<String> BINARIES = List.of("kubectl", "kube-apiserver", "kube-proxy");

    static SmallTree in(Path root) throws IOException {
        for (String file : List.of(
                "build/common.sh",
                "build/lib/release.sh",
                "build/release-images.sh",
                "docs/a.md",
                "cluster/deep/up.sh")) {
            Path target = root.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream in = SmallTree.class.getResourceAsStream("tree/" + file)) {
                Files.copy(java.util.Objects.requireNonNull(in, file), target);
            }
            FileModes.set(target, file.equals("cluster/deep/up.sh") ? 0755 : 0644);
        }
        Files.writeString(root.resolve("version-defs"), "KUBE_GIT_VERSION='v1.2.3'\nKUBE_GIT_TREE_STATE='dirty'\n");
        return new SmallTree(root);
    }

    Path output() {
        return root.resolve("_output");
    }

    /** Compiled binaries, as copy-output leaves them. */
    SmallTree withBinaries() throws IOException {
        for (String name : BINARIES) {
            Path binary = output().resolve("dockerized/bin/linux/amd64").resolve(name);
            Files.createDirectories(binary.getParent());
            Files.writeString(binary, "program " + name, StandardCharsets.UTF_8);
            FileModes.set(binary, 0755);
        }
        return this;
    }

    StagingRequest request(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("KUBE_GIT_VERSION_FILE", root.resolve("version-defs").toString());
        return new StagingRequest(
                environment,
                new TreeMap<>(Map.of(LINUX, BINARIES)),
                "build",
                StagingRequest.SCRATCH,
                output().resolve(".stage.part"));
    }
}
