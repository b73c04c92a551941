package io.kubebuild.it.chaos;

import io.kubebuild.it.RunningBuild;
import java.util.ArrayList;
import java.util.List;

/** Maven is ended at twenty points, spread over all six steps: at once, and by asking it to end. */
final class KillCases {

    private static final List<Point> POINTS = List.of(
            new Point("cross-compile", 40),
            new Point("verify-prereqs", 0),
            new Point("verify-prereqs", 50),
            new Point("build-image", 0),
            new Point("build-image", 50),
            new Point("sync", 0),
            new Point("sync", 30),
            new Point("sync", 60),
            new Point("cross-compile", 0),
            new Point("cross-compile", 15),
            new Point("cross-compile", 30),
            new Point("cross-compile", 60),
            new Point("cross-compile", 80),
            new Point("copy-output", 0),
            new Point("copy-output", 50),
            new Point("package-tarballs", 0),
            new Point("package-tarballs", 20),
            new Point("package-tarballs", 40),
            new Point("package-tarballs", 60),
            new Point("package-tarballs", 80));

    private KillCases() {}

    /** A step and how much of what it tells has been told, in percent. */
    private record Point(String step, int percent) {
        String text() {
            return percent == 0 ? step + " begins" : step + " at " + percent + " %";
        }
    }

    static List<ChaosCase> all() {
        List<ChaosCase> cases = new ArrayList<>();
        for (Point point : POINTS) {
            cases.add(ChaosCase.of("SIGKILL when " + point.text(), ChaosCase.NEXT, stage -> {
                try (RunningBuild build = at(stage, point)) {
                    return build.kill().result().log();
                }
            }));
            cases.add(ChaosCase.of("SIGTERM when " + point.text(), ChaosCase.NEXT, stage -> {
                try (RunningBuild build = at(stage, point)) {
                    return build.terminate().result().log();
                }
            }));
        }
        return cases;
    }

    private static RunningBuild at(Stage stage, Point point) {
        int lines = stage.line(point.step(), point.percent());
        return stage.forced()
                .start()
                .reaches(point.text() + ", " + lines + " lines", log -> Points.reached(log, point.step(), lines));
    }
}
