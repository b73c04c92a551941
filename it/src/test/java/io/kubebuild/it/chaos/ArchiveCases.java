package io.kubebuild.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.it.MavenResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Archives that come from elsewhere, damaged at random places by fixed seeds. */
final class ArchiveCases {

    private static final int SEEDS = 8;
    private static final String BASE = "k8s.gcr.io/build-image/debian-iptables:sample-1";

    private ArchiveCases() {}

    static List<ChaosCase> all() {
        List<ChaosCase> cases = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (Damage damage : Damage.values()) {
                // Nothing is random about an empty one.
                if (damage != Damage.EMPTIED || seed == 1) {
                    cases.add(cache(damage, seed));
                    cases.add(baseImage(damage, seed));
                }
            }
        }
        return cases;
    }

    private static ChaosCase cache(Damage damage, long seed) {
        return ChaosCase.of("cache archive " + damage.text() + ", seed " + seed, "ignoring the cache", stage -> {
            Path file = stage.directory().resolve("cache.tar.zst");
            export(stage, file);
            damage.happensTo(file, seed);
            try {
                return stage.goal("cache-import")
                        .parameter("kube.cache.file", file.toString())
                        .execute()
                        .succeeded()
                        .log();
            } finally {
                Files.delete(file);
            }
        });
    }

    private static void export(Stage stage, Path file) {
        stage.goal("cache-export")
                .parameter("kube.cache.file", file.toString())
                .execute()
                .succeeded();
    }

    private static ChaosCase baseImage(Damage damage, long seed) {
        String says = "debian-iptables.tar|package-tarballs: done";
        return ChaosCase.of("base image archive " + damage.text() + ", seed " + seed, says, stage -> {
            Map<String, String> right = stage.results();
            Path file = stage.directory().resolve("debian-iptables.tar");
            stage.engine().docker("save", "--output", file.toString(), BASE);
            damage.happensTo(file, seed);
            try {
                return rightOrRefused(stage, right, file);
            } finally {
                Files.delete(file);
            }
        });
    }

    /** What is damaged where it matters is refused; where it does not, as in a tar's padding, nothing of it is in the results. */
    private static String rightOrRefused(Stage stage, Map<String, String> right, Path file) throws IOException {
        MavenResult result = stage.release()
                .parameter("kube.force.package-tarballs", "true")
                .parameter("kube.baseImageArchives", BASE + "=" + file)
                .execute();
        if (result.exitCode() == 0) {
            assertThat(stage.results()).as(result.log()).isEqualTo(right);
        } else {
            result.failedCleanly().says(file.toString());
        }
        return result.log();
    }
}
