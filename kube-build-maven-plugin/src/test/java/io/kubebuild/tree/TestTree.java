package io.kubebuild.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small tree on disk, shaped like a Kubernetes checkout; scripts hold only what the room reads. */
final class TestTree {

    /** Version script of a checkout from v1.16 on, in our own words; functions behave as upstream's. */
    static final String VERSION_SCRIPT = """
            kube::version::get_version_vars() {
              if [[ -n ${KUBE_GIT_VERSION_FILE-} ]]; then source "${KUBE_GIT_VERSION_FILE}"; return; fi
              if [[ '@MARK@' == "%" ]]; then
                KUBE_GIT_COMMIT='@COMMIT@'
                KUBE_GIT_TREE_STATE="archive"
                if [[ '@REFS@' =~ tag:\\ (v[^ ,]+) ]]; then KUBE_GIT_VERSION="${BASH_REMATCH[1]}"; fi
              fi
              local git=(git --work-tree "${KUBE_ROOT}")
              # git describe --tags --match='v*' --abbrev=14 is rewritten by DASHES_IN_VERSION
              # ^v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?([-].*)?([+].*)?$
              # ^v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$ or refuse to build
            }
            """;

    private static final String COMMON = """
            #!/usr/bin/env bash
            KUBE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
            readonly KUBE_BUILD_IMAGE_REPO=kube-build
            readonly KUBE_BUILD_IMAGE_CROSS_TAG="$(cat "${KUBE_ROOT}/build/build-image/cross/VERSION")"
            readonly KUBE_BASE_IMAGE_REGISTRY="${KUBE_BASE_IMAGE_REGISTRY:-k8s.gcr.io/build-image}"
            readonly KUBE_BUILD_IMAGE_VERSION_BASE="$(cat "${KUBE_ROOT}/build/build-image/VERSION")"
            readonly KUBE_BUILD_IMAGE_VERSION="${KUBE_BUILD_IMAGE_VERSION_BASE}-${KUBE_BUILD_IMAGE_CROSS_TAG}"
            kube::build::short_hash() { local h; h=$(echo -n "$1" | md5sum); echo "${h:0:10}"; }
            kube::build::verify_prereqs() {
              KUBE_GIT_BRANCH=$(git symbolic-ref --short -q HEAD 2>/dev/null || true)
              KUBE_ROOT_HASH=$(kube::build::short_hash "${HOSTNAME:-}:${KUBE_ROOT}:${KUBE_GIT_BRANCH}")
            }
            """;

    final Path root;

    private TestTree(Path root) {
        this.root = root;
    }

    /** A tree of the rsync era, as v1.20 is. */
    static TestTree rsync(Path directory) throws IOException {
        TestTree tree = new TestTree(directory.toRealPath());
        tree.write("go.mod", "module k8s.io/kubernetes\n\ngo 1.15\n");
        tree.write("hack/lib/golang.sh", "");
        tree.write("hack/lib/version.sh", checkoutScript());
        tree.write("hack/make-rules/cross.sh", "");
        tree.write("build/common.sh", COMMON);
        tree.write(
                "build/build-image/Dockerfile", "FROM k8s.gcr.io/build-image/kube-cross:KUBE_BUILD_IMAGE_CROSS_TAG\n");
        tree.write("build/build-image/VERSION", "5\n");
        tree.write("build/build-image/cross/VERSION", "v1.15.5-1\n");
        tree.write("build/build-image/rsyncd.sh", "");
        tree.write(".gitignore", "/_output\n/" + GitVersion.FILE + "\n");
        return tree;
    }

    static String checkoutScript() {
        return archiveScript("$Format:%%$", "$Format:%H$", "$Format:%D$");
    }

    static String archiveScript(String mark, String commit, String references) {
        return VERSION_SCRIPT
                .replace("@MARK@", mark)
                .replace("@COMMIT@", commit)
                .replace("@REFS@", references);
    }

    TestTree write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return this;
    }

    TestTree delete(String path) throws IOException {
        Files.delete(root.resolve(path));
        return this;
    }

    TreeRoot located() {
        return TreeRoot.locate(root);
    }

    /** The environment of tests: a git that knows nobody's settings, and fixed dates. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", root.resolve("no-home").toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        return environment;
    }

    Git git() {
        return new Git(root, environment());
    }

    /** Runs git with an identity and a fixed date: 1600000000. */
    TestTree runGit(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "user.name=Tester",
                "-c",
                "user.email=tester@example.org",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "tag.gpgsign=false",
                "-c",
                "protocol.file.allow=always"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        builder.environment().put("GIT_AUTHOR_DATE", "1600000000 +0000");
        builder.environment().put("GIT_COMMITTER_DATE", "1600000000 +0000");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
        return this;
    }

    /** Puts all files under git on a branch release-1.20. */
    TestTree committed() throws IOException, InterruptedException {
        return runGit("init", "-q")
                .runGit("checkout", "-q", "-b", "release-1.20")
                .runGit("add", "-A")
                .runGit("commit", "-q", "-m", "first");
    }
}
