package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.plan.GoCommand;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.problem.Secrets;
import io.kubebuild.workspace.ExitCode;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.codehaus.plexus.util.cli.shell.BourneShell;
import org.codehaus.plexus.util.cli.shell.Shell;

/** The log file of a compile. Several commands may write to it at once, line by line. */
final class CompileLog implements Closeable {

    private final Path file;
    private final BufferedWriter writer;
    private final BuildListener listener;

    CompileLog(Path file, BuildListener listener) throws IOException {
        this.file = file;
        this.listener = listener;
        ConfinedDirectory directory = new ConfinedDirectory(
                Objects.requireNonNull(file.toAbsolutePath().getParent()));
        // In place of what is there: a link would lead to a file of somebody else's.
        this.writer = new BufferedWriter(
                new OutputStreamWriter(directory.begin(file.getFileName().toString()), StandardCharsets.UTF_8));
    }

    /** Begins a command's part. */
    Section section(String title) {
        return new Section(title);
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }

    private synchronized void write(String line) {
        try {
            writer.write(Secrets.hidden(line));
            writer.newLine();
            // Whoever waits for a compile looks here.
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One command's lines: to the file, to the listener, and the last of them kept. */
    final class Section implements Consumer<String> {
        private final String title;
        private final LastLines last = LastLines.ofScript();
        private volatile boolean killed;

        private Section(String title) {
            this.title = title;
        }

        /** How to repeat it by hand, in a form that a shell takes. */
        void command(GoCommand command) {
            Shell shell = new BourneShell();
            String program = command.argv().get(0);
            shell.setExecutable(program);
            String[] arguments = command.argv().stream().skip(1).toArray(String[]::new);
            write("# " + title);
            write("# cd " + command.directory());
            write("# " + String.join(" ", shell.getCommandLine(program, arguments)));
        }

        @Override
        public void accept(String line) {
            last.accept(line);
            // The line may be far from the end: the others go on.
            if (line.contains("signal: killed")) {
                killed = true;
            }
            write("[" + title + "] " + line);
            listener.on(new BuildListener.Output(title, line));
        }

        /** The last lines. */
        String last() {
            return last.text();
        }

        /** The failure of this command. */
        KubeException failure(String targets, int exit) {
            String where = "the whole log is " + file;
            if (killed || ExitCode.isOfKill(exit)) {
                return KubeException.build(
                        "Compiling " + targets + " ran out of memory: the kernel killed a compiler or linker (" + title
                                + ")",
                        last(),
                        "give the engine more memory (upstream asks for 4.5 GB with 2 CPUs) or fewer CPUs, so that fewer"
                                + " compilers run at once, then run again: what is compiled stays; " + where);
            }
            return KubeException.build(
                    "Compiling " + targets + " failed (" + title + ", exit code " + ExitCode.inWords(exit) + ")",
                    last(),
                    ExitCode.fix(exit, "see the compiler's lines above") + "; " + where);
        }
    }
}
