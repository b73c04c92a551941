package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.CompileJob;
import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs a plan: each command with the environment that was recorded for it, side by side where memory allows; checks what came
 * out, and places it. Go decides what is up to date.
 */
public final class Compiler {

    private static final long SECONDS_TO_STOP = 60;

    /**
     * Compiles. Throws a {@link KubeException} with the last lines of the first command that fails; an interrupted thread
     * stops every command before InterruptedException leaves here.
     */
    public CompileResult run(Plan plan, Workspace workspace, CompileSettings settings, BuildListener listener)
            throws InterruptedException, IOException {
        OutputInspector inspector = new OutputInspector(workspace);
        Map<String, OutputInspector.Found> before =
                inspector.stat(plan.outputs().stream().map(PromisedOutput::path).toList());
        Budget budget = Budget.of(workspace.capacity(), plan.jobs().size(), plan.toolchain());
        listener.on(new BuildListener.Detail(
                plan.jobs().size() + " go commands, " + budget.jobs() + " at a time with " + budget.processesPerJob()
                        + " processes each, " + budget.variables() + "; log: " + settings.logFile()));
        int rebuilt;
        ImportTrace trace = ImportTrace.begin(plan, workspace, listener);
        try (CompileLog log = new CompileLog(settings.logFile(), listener)) {
            rebuilt = runAll(
                    plan, budget, job -> runJob(job, budget, workspace, inspector, before, log, trace), listener);
        } finally {
            trace.end();
        }
        int placed = new Placement(workspace).place(plan.toolchain().host(), plan.outputs());
        return new CompileResult(plan.outputs(), rebuilt, placed, trace.packages());
    }

    /** Runs one job and says how many outputs are new. */
    @FunctionalInterface
    private interface JobRunner {
        int run(CompileJob job) throws InterruptedException;
    }

    private static int runAll(Plan plan, Budget budget, JobRunner runner, BuildListener listener)
            throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(budget.jobs());
        try {
            CompletionService<Integer> running = new ExecutorCompletionService<>(executor);
            plan.jobs().forEach(job -> running.submit(() -> runner.run(job)));
            int total = plan.jobs().size();
            int rebuilt = 0;
            for (int done = 0; done < total; done++) {
                listener.on(new BuildListener.Progress("compile", done, total));
                rebuilt += running.take().get();
            }
            listener.on(new BuildListener.Progress("compile", total, total));
            return rebuilt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KubeException problem) {
                throw problem;
            }
            if (e.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            stop(executor);
        }
    }

    /** Interrupts what still runs and waits for it, also where this thread is interrupted itself. */
    private static void stop(ExecutorService executor) {
        executor.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            executor.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int runJob(
            CompileJob job,
            Budget budget,
            Workspace workspace,
            OutputInspector inspector,
            Map<String, OutputInspector.Found> before,
            CompileLog log,
            ImportTrace trace)
            throws InterruptedException {
        GoCommand command = budget.share(job.command());
        CompileLog.Section section = log.section(job.title());
        section.command(command);
        GoCommand asking = trace.asking(job, command);
        int exit = workspace.run(new Command(asking.argv(), asking.environment(), asking.directory(), true), section);
        if (exit != 0) {
            throw section.failure(job.targets(), exit);
        }
        trace.read(job);
        List<String> paths = job.outputs().stream().map(PromisedOutput::path).toList();
        Map<String, OutputInspector.Found> after = inspector.verify(job.outputs(), paths, job.title());
        return (int) after.entrySet().stream()
                .filter(file -> {
                    OutputInspector.Found earlier = before.get(file.getKey());
                    return earlier == null
                            || !earlier.stat().equals(file.getValue().stat());
                })
                .count();
    }
}
