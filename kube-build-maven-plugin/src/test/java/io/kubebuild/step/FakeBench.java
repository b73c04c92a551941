package io.kubebuild.step;

import io.kubebuild.docker.Engine;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.testing.FakeEngine;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.SampleTree;
import io.kubebuild.tree.Description;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The sample tree before an engine in memory, which has the cross image and describes the tree as it is told to. */
final class FakeBench {

    static final String CROSS = "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1";

    /** What the sample tree's conformance image begins from. */
    static final String CONFORMANCE_BASE = "debian:stretch-slim";

    private static final Map<String, List<String>> DESCRIPTION = Map.of(
            "format", List.of("1"),
            "supported KUBE_CLIENT_PLATFORMS", List.of("linux/amd64", "linux/arm64"),
            "supported KUBE_SERVER_PLATFORMS", List.of("linux/amd64"),
            "KUBE_CLIENT_PLATFORMS", List.of("linux/amd64", "linux/arm64"),
            "KUBE_SERVER_PLATFORMS", List.of("linux/amd64"),
            "KUBE_BUILD_CONFORMANCE", List.of("y"),
            "functions", List.of("kube::release::build_conformance_image"),
            "KUBE_CLIENT_TARGETS", List.of("cmd/kubectl"),
            "KUBE_SERVER_TARGETS", List.of("cmd/kube-apiserver"),
            "knows", List.of("KUBE_BUILD_CONFORMANCE", "KUBE_FASTBUILD", "GOFLAGS", "GOLDFLAGS", "GOGCFLAGS"));

    private final Path home;
    private final SampleTree tree;
    private final Heard heard = new Heard();
    private final AtomicInteger described = new AtomicInteger();
    private final FakeEngine engine = new FakeEngine();
    private final Map<String, List<String>> description = new TreeMap<>(DESCRIPTION);

    private FakeBench(Path home, SampleTree tree) {
        this.home = home;
        this.tree = tree;
        engine.addImage(CROSS, Map.of());
        engine.addImage(CONFORMANCE_BASE, Map.of());
        engine.onStart(container -> {
            if (container.spec().name().endsWith("-describe")) {
                described.incrementAndGet();
                container
                        .files()
                        .write(
                                "/kube-description",
                                new String(new Description(description).serialize(), StandardCharsets.UTF_8));
                return OptionalInt.of(0);
            }
            return container.spec().name().contains("-data-") ? OptionalInt.of(0) : OptionalInt.empty();
        });
    }

    static FakeBench in(Path directory) throws IOException, InterruptedException {
        return new FakeBench(directory.resolve("home"), SampleTree.copyTo(directory.resolve("kubernetes")));
    }

    SampleTree tree() {
        return tree;
    }

    FakeEngine engine() {
        return engine;
    }

    Heard heard() {
        return heard;
    }

    /** Whose go says that it is this one; else the cross image's says nothing. */
    void hasGo(String version) {
        description.put("go", List.of(version));
    }

    /** How often the tree was described. */
    int described() {
        return described.get();
    }

    Requests request() {
        return Requests.of(tree.root(), home);
    }

    BuildContext.EngineSource engines() {
        return (request, directory) -> (Engine) engine;
    }

    Pipeline pipeline(BuildRequest request) {
        return Pipeline.of(request, heard, engines());
    }

    BuildContext context(BuildRequest request) {
        return BuildContext.open(request, heard, engines());
    }
}
