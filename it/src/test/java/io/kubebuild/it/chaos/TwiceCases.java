package io.kubebuild.it.chaos;

import io.kubebuild.it.RunningBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two builds of one tree at once. */
final class TwiceCases {

    private static final String WAITING = "waiting for another build of this tree: process ";

    private TwiceCases() {}

    static List<ChaosCase> all() {
        return List.of(
                ChaosCase.of("two releases through a symbolic link", WAITING, TwiceCases::throughALink),
                ChaosCase.of(
                        "two releases",
                        WAITING,
                        stage -> both(stage, stage.tree().directory(), "release")),
                ChaosCase.of(
                        "a release and kube:clean",
                        WAITING,
                        stage -> both(stage, stage.tree().directory(), "clean")),
                ChaosCase.of("the first is killed while the second waits", WAITING, stage -> {
                    try (RunningBuild first = begun(stage);
                            RunningBuild second = waiting(stage, stage.tree().directory(), "release")) {
                        return first.kill().result().log()
                                + second.result().succeeded().log();
                    }
                }),
                ChaosCase.of("the second is told to end while it waits", WAITING, stage -> {
                    try (RunningBuild first = begun(stage);
                            RunningBuild second = waiting(stage, stage.tree().directory(), "release")) {
                        String log = second.terminate().result().log();
                        return log + first.result().succeeded().log();
                    }
                }));
    }

    private static String throughALink(Stage stage) throws IOException {
        Path link = Files.createSymbolicLink(
                stage.directory().resolve("link"), stage.tree().directory());
        try {
            return both(stage, link, "release");
        } finally {
            Files.delete(link);
        }
    }

    private static String both(Stage stage, Path way, String goal) {
        try (RunningBuild first = begun(stage);
                RunningBuild second = waiting(stage, way, goal)) {
            return first.result().succeeded().log()
                    + second.result().succeeded().log();
        }
    }

    private static RunningBuild begun(Stage stage) {
        return stage.forced().start().says("sync: begins");
    }

    private static RunningBuild waiting(Stage stage, Path way, String goal) {
        return stage.goalIn(way, goal).start().says(WAITING);
    }
}
