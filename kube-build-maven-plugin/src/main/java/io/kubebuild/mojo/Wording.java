package io.kubebuild.mojo;

import io.kubebuild.event.Outcome;
import java.time.Duration;
import java.util.Locale;

/** Quantities and outcomes in words. */
final class Wording {

    private Wording() {}

    /** {@code 0.4 s}, {@code 2 min 05 s}, {@code 1 h 02 min}. */
    static String duration(Duration time) {
        if (time.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (time.toHours() < 1) {
            return String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
        }
        return String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
    }

    /** {@code 17 bytes}, {@code 1.5 kB}, {@code 23.4 MB}; thousands, as file managers count. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** {@code done}, {@code up to date} or {@code skipped}. */
    static String name(Outcome outcome) {
        if (outcome instanceof Outcome.UpToDate) {
            return "up to date";
        }
        return outcome instanceof Outcome.Skipped ? "skipped" : "done";
    }

    /** What an outcome says for itself. */
    static String text(Outcome outcome) {
        if (outcome instanceof Outcome.UpToDate upToDate) {
            return upToDate.what();
        }
        if (outcome instanceof Outcome.Skipped skipped) {
            return skipped.reason();
        }
        return ((Outcome.Done) outcome).summary();
    }
}
