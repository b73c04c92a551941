package io.kubebuild.it.chaos;

import io.kubebuild.it.RunningBuild;
import java.nio.file.Path;
import java.util.List;

/** Containers, volumes and the engine itself go away under a build. */
final class EngineCases {

    private static final String COMPILING = "cross-compile";

    /** Between two commands a container that is gone is made anew; a command that runs in it fails. */
    private static final String LOST = "build container|cross-compile: done";

    private EngineCases() {}

    static List<ChaosCase> all() {
        return List.of(
                ChaosCase.of("build container removed in compile", LOST, stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        stage.engine().docker("rm", "--force", container(stage));
                        return build.result().log();
                    }
                }),
                ChaosCase.of("build container killed in compile", LOST, stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        stage.engine().docker("kill", container(stage));
                        return build.result().log();
                    }
                }),
                ChaosCase.of("build container paused in compile, Maven told to end", ChaosCase.NEXT, stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        stage.engine().docker("pause", container(stage));
                        return build.terminate().result().log();
                    }
                }),
                ChaosCase.of("build container paused in compile, Maven killed", ChaosCase.NEXT, stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        stage.engine().docker("pause", container(stage));
                        return build.kill().result().log();
                    }
                }),
                ChaosCase.of("build container paused for a moment in compile", "cross-compile: done", stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        String container = container(stage);
                        stage.engine().docker("pause", container);
                        stage.engine().docker("unpause", container);
                        return build.result().succeeded().log();
                    }
                }),
                ChaosCase.of("data container and volumes removed between builds", "sync: because", stage -> {
                    removeData(stage);
                    return "";
                }),
                ChaosCase.of("data container removed in compile", ChaosCase.NEXT, stage -> {
                    try (RunningBuild build = at(stage, COMPILING, 40)) {
                        removeData(stage);
                        return build.result().log();
                    }
                }),
                killed("build-image", 50),
                killed("sync", 50),
                killed(COMPILING, 40),
                killed("copy-output", 50),
                killed("package-tarballs", 30),
                ChaosCase.of("engine killed while images are loaded", "Docker engine", stage -> {
                            Path images = stage.directory().resolve("images");
                            stage.goal("images")
                                    .parameter("kube.images.save", images.toString())
                                    .execute()
                                    .succeeded();
                            try (RunningBuild build = stage.goal("images")
                                    .parameter("kube.images.load", images.toString())
                                    .start()
                                    // The one after it, the last, is by far the largest.
                                    .says("go-runner_sample-1-linux_amd64.tar loaded")) {
                                stage.ownEngine().kill();
                                return build.result().log();
                            } finally {
                                Stage.delete(images);
                                stage.ownEngine().start();
                            }
                        })
                        .onOwnEngine());
    }

    private static ChaosCase killed(String step, int percent) {
        return ChaosCase.of("engine killed in " + step, "Docker engine", stage -> {
                    try (RunningBuild build = at(stage, step, percent)) {
                        stage.ownEngine().kill();
                        return build.result().log();
                    } finally {
                        stage.ownEngine().start();
                    }
                })
                .onOwnEngine();
    }

    private static void removeData(Stage stage) {
        List<String> all = stage.engine().containers(stage.tree().directory());
        all.stream().filter(name -> name.contains("-data-")).forEach(name -> stage.engine()
                .docker("rm", "--force", "--volumes", name));
    }

    private static String container(Stage stage) {
        return stage.engine().running(stage.tree().directory()).get(0);
    }

    private static RunningBuild at(Stage stage, String step, int percent) {
        int lines = stage.line(step, percent);
        return stage.forced().start().reaches(step + ", " + lines + " lines", log -> Points.reached(log, step, lines));
    }
}
