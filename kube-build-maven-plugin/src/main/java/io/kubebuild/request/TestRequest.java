package io.kubebuild.request;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tests to run.
 *
 * @param goal which: {@code test}, {@code test-integration} or {@code test-cmd}, as the tree's Makefile calls them too
 * @param what packages or test functions, as upstream's WHAT; empty for all
 * @param arguments upstream's KUBE_TEST_ARGS, if given
 * @param etcd an etcd program of this machine, for tests that need one; empty for the workspace's own
 * @param reports directory for reports, absolute
 */
public record TestRequest(
        String goal, List<String> what, Optional<String> arguments, Optional<Path> etcd, Path reports) {

    public TestRequest {
        what = List.copyOf(what);
    }
}
