package io.kubebuild.testing;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The test talks to a real Docker engine: the one of DOCKER_HOST, else the one behind /var/run/docker.sock.
 *
 * <p>Where none answers the test is skipped, with one line that says what was tried. With {@code
 * -Dkube.test.engine=required} it fails instead, so that a pipeline cannot lose its engine unnoticed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresEngine.Condition.class)
public @interface RequiresEngine {

    /** Asks the engine once in a test run. */
    final class Condition implements ExecutionCondition {

        private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(RequiresEngine.class);

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String address = EngineProbe.address(System.getenv());
            Verdict verdict = context.getRoot()
                    .getStore(HERE)
                    .getOrComputeIfAbsent(address, ignored -> new Verdict(problem(address)), Verdict.class);
            if (verdict.problem().isEmpty()) {
                return ConditionEvaluationResult.enabled("a Docker engine answers at " + address);
            }
            String line = "no Docker engine answers at " + address + " ("
                    + verdict.problem().get() + "); bring one up with: ./dev engine";
            if ("required".equals(System.getProperty("kube.test.engine"))) {
                throw new IllegalStateException("kube.test.engine=required, but " + line);
            }
            return ConditionEvaluationResult.disabled(line);
        }

        private static Optional<String> problem(String address) {
            FutureTask<String> ping = new FutureTask<>(() -> EngineProbe.ping(address));
            // A thread of its own, because reading from a Unix socket channel knows no timeout.
            Thread thread = new Thread(ping, "engine-probe");
            thread.setDaemon(true);
            thread.start();
            try {
                String status = ping.get(20, TimeUnit.SECONDS);
                return status.contains(" 200 ") ? Optional.empty() : Optional.of("it said: " + status);
            } catch (ExecutionException e) {
                return Optional.of(
                        e.getCause() instanceof IOException io ? String.valueOf(io.getMessage()) : e.toString());
            } catch (TimeoutException e) {
                return Optional.of("it accepts connections but says nothing");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("interrupted");
            }
        }

        private record Verdict(Optional<String> problem) {}
    }
}
