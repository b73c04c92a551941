package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.Engine.ExecSpec;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One command in a running container.
 *
 * <p>The end of its output proves nothing: a broken connection looks the same. Only the engine's word that the command has
 * ended, with its exit code, counts.
 */
final class Execution {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final EngineHttp http;
    private final String container;
    private final String id;

    private Execution(EngineHttp http, String container, String id) {
        this.http = http;
        this.container = container;
        this.id = id;
    }

    static Execution create(EngineHttp http, String container, ExecSpec spec) {
        Map<String, Object> body = new HashMap<>();
        body.put("AttachStdout", true);
        body.put("AttachStderr", true);
        body.put("Cmd", spec.command());
        body.put("Env", variables(spec.environment()));
        spec.user().ifPresent(user -> body.put("User", user));
        spec.directory().ifPresent(directory -> body.put("WorkingDir", directory));
        JsonNode created =
                http.json(Request.post("/containers/" + container + "/exec").json(body));
        return new Execution(http, container, created.path("Id").asText());
    }

    /** Variables as the API wants them, sorted. */
    static List<String> variables(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
    }

    /** Runs it to its end and returns its exit code. */
    int run(Consumer<String> output) throws InterruptedException {
        OutputFrames frames = new OutputFrames(output);
        Request start = Request.post("/exec/" + id + "/start").json(Map.of("Detach", false, "Tty", false));
        try (EngineHttp.Answer answer = http.open(start, Thread.currentThread(), new Stalled(frames.reads()))) {
            try {
                frames.read(answer.body());
            } catch (IOException e) {
                throwIfEnded(answer);
                if (answer.ended().isEmpty()) {
                    throw Refusal.broken("running a command in " + container, e);
                }
            }
            throwIfEnded(answer);
        } catch (EngineException e) {
            // A request that is cut off while it is being opened has no answer to ask.
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            throw e;
        }
        return exitCode();
    }

    private void throwIfEnded(EngineHttp.Answer answer) throws InterruptedException {
        Watchdog.Reason reason = answer.ended().orElse(Watchdog.Reason.NOTHING_MORE);
        switch (reason) {
            case INTERRUPTED -> throw interrupted();
            case ENGINE_GONE ->
                throw new EngineException(
                        Kind.UNREACHABLE,
                        "the Docker engine stopped answering while a command ran in " + container,
                        null);
            case NOTHING_MORE -> {}
        }
    }

    private InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException("interrupted while a command ran in " + container);
    }

    private int exitCode() throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            JsonNode state = state();
            boolean running = state.path("Running").asBoolean();
            if (!running && state.path("ExitCode").isInt()) {
                return state.path("ExitCode").asInt();
            }
            if (!running && !containerRuns()) {
                throw new EngineException(
                        Kind.CONFLICT, "the container " + container + " ended before its command did", null);
            }
            Thread.sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private JsonNode state() {
        return http.find(Request.get("/exec/" + id + "/json"))
                .orElseThrow(() -> new EngineException(
                        Kind.UNREACHABLE,
                        "the Docker engine lost a command in " + container + "; it or the container went away",
                        null));
    }

    private boolean containerRuns() {
        return http.find(Request.get("/containers/" + container + "/json"))
                .map(found -> found.path("State").path("Running").asBoolean())
                .orElse(false);
    }

    /** Whether the command has ended, and the stream has stayed silent since, for two looks in a row. */
    private final class Stalled implements BooleanSupplier {

        private final AtomicLong reads;
        private long seen = -1;
        private int looks;

        Stalled(AtomicLong reads) {
            this.reads = reads;
        }

        @Override
        public boolean getAsBoolean() {
            long now = reads.get();
            boolean waiting = now % 2 == 1 && now == seen;
            seen = now;
            looks = waiting && hasEnded() ? looks + 1 : 0;
            return looks >= 2;
        }

        private boolean hasEnded() {
            try {
                JsonNode state = state();
                return !state.path("Running").asBoolean(true)
                        && state.path("ExitCode").isInt();
            } catch (EngineException e) {
                return false;
            }
        }
    }
}
