package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WatchdogTest {

    private final AtomicBoolean engineAnswers = new AtomicBoolean(true);
    private final AtomicInteger aborted = new AtomicInteger();

    @Test
    void endsCallsOnceAnEngineHasStoppedAnswering() {
        try (Watchdog watchdog = new Watchdog(engineAnswers::get);
                Watchdog.Call call = watchdog.watch(null, aborted::incrementAndGet, () -> false)) {
            engineAnswers.set(false);
            tick(watchdog, Watchdog.PING_EVERY * (Watchdog.PINGS_MISSED + 1));

            assertThat(call.ended()).isEqualTo(Watchdog.Reason.ENGINE_GONE);
            assertThat(aborted).hasValue(1);
        }
    }

    @Test
    void leavesCallsAloneForAsLongAsTheEngineAnswers() {
        try (Watchdog watchdog = new Watchdog(engineAnswers::get);
                Watchdog.Call call = watchdog.watch(null, aborted::incrementAndGet, () -> false)) {
            tick(watchdog, Watchdog.PING_EVERY * 1000);

            assertThat(call.ended()).isNull();
            assertThat(aborted).hasValue(0);
        }
    }

    @Test
    void endsACallThatCanBringNothingMore() {
        try (Watchdog watchdog = new Watchdog(engineAnswers::get);
                Watchdog.Call call = watchdog.watch(null, aborted::incrementAndGet, () -> true)) {
            tick(watchdog, Watchdog.PING_EVERY);

            assertThat(call.ended()).isEqualTo(Watchdog.Reason.NOTHING_MORE);
        }
    }

    @Test
    void forgetsACallThatIsClosed() {
        Watchdog.Call call;
        try (Watchdog watchdog = new Watchdog(engineAnswers::get)) {
            call = watchdog.watch(null, aborted::incrementAndGet, () -> true);
            call.close();
            tick(watchdog, Watchdog.PING_EVERY);
        }

        assertThat(call.ended()).isNull();
        assertThat(aborted).hasValue(0);
    }

    @Test
    void endsWhatIsLeftWhenItIsClosed() {
        Watchdog watchdog = new Watchdog(engineAnswers::get);
        Watchdog.Call call = watchdog.watch(null, aborted::incrementAndGet, () -> false);

        watchdog.close();

        assertThat(call.ended()).isEqualTo(Watchdog.Reason.ENGINE_GONE);
        assertThat(aborted).hasValue(1);
    }

    private static void tick(Watchdog watchdog, int times) {
        for (int i = 0; i < times; i++) {
            watchdog.tick();
        }
    }
}
