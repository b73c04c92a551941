package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests in JVMs of their own, with the tests' class path: for what a JVM fixes when it starts, and for other processes. */
public final class OtherJvm {

    private OtherJvm() {}

    /**
     * One that is yet to be started.
     *
     * @param options of the JVM
     * @param words for the program
     */
    public static ProcessBuilder of(Class<?> program, List<String> options, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    /** What it prints, without blanks around it; it has to succeed. */
    public static String run(ProcessBuilder program) throws IOException, InterruptedException {
        Process process = program.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    /** The same in a locale that knows ASCII only, as on build servers: there a {@link Path} refuses most names. */
    public static String runInAsciiLocale(Class<?> program, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = of(program, List.of(), words);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        builder.environment().put("LC_ALL", "C");
        return run(builder);
    }
}
