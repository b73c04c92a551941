package io.kubebuild.it.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Each record is damaged in each way, and outputs are changed by hand. */
final class RecordCases {

    private static final String CLIENT = "release-tars/kubernetes-client-linux-amd64.tar.gz";
    private static final String KUBECTL = "dockerized/bin/linux/amd64/kubectl";

    private RecordCases() {}

    static List<ChaosCase> of(Stage stage) {
        List<ChaosCase> cases = new ArrayList<>();
        cases.add(changed(KUBECTL, "copy-output: because"));
        cases.add(changed(CLIENT, "package-tarballs: because"));
        cases.add(changed("release-images/amd64/kube-apiserver.tar", "package-tarballs: because"));
        for (String record : records(stage)) {
            for (Damage damage : Damage.values()) {
                cases.add(ChaosCase.of(
                        name(record) + " " + damage.text(), says(record), at -> damaged(at, record, damage)));
            }
        }
        cases.add(ChaosCase.of("all records gone", ": because", at -> {
            Stage.delete(at.output().resolve("kube-build-plugin"));
            return "";
        }));
        return cases;
    }

    private static ChaosCase changed(String output, String says) {
        return ChaosCase.of(output + " changed by hand", says, stage -> {
            Damage.FLIPPED.happensTo(stage.output().resolve(output), 1);
            return "";
        });
    }

    private static String damaged(Stage stage, String record, Damage damage) throws IOException {
        Path file = stage.output().resolve("kube-build-plugin").resolve(record);
        if (!Files.exists(file)) {
            // Some are written only where there is work to do.
            stage.forced().execute().succeeded();
        }
        Assumptions.assumeTrue(Files.exists(file), "no step has written it again");
        damage.happensTo(file, record.hashCode());
        String first = stage.release().execute().succeeded().log();
        // Some records are read only where there is work to do.
        Files.delete(stage.output().resolve(CLIENT));
        Files.delete(stage.output().resolve(KUBECTL));
        return first;
    }

    /** That the file is not believed, if it was read at all: some are only looked at on occasions that do not come here. */
    private static String says(String record) {
        return Pattern.quote(record) + "(: | is damaged)|\\z";
    }

    /** The workspace's name has a hash of where the tree lies. */
    private static String name(String record) {
        return record.replaceFirst("^kube-build-data-[^/]*/", "workspace/");
    }

    private static List<String> records(Stage stage) {
        Path start = stage.output().resolve("kube-build-plugin");
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> start.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
