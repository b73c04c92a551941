package io.kubebuild.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/** Runs bash as the oracle that upstream's scripts are written for; tests are skipped where there is none. */
final class Bash {

    private Bash() {}

    static String run(Path directory, Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/bin/bash"))) {
            throw new TestAbortedException("no bash on this machine to compare with");
        }
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", script, "bash"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("exit code " + code + ": " + output);
        }
        return output;
    }
}
