package io.kubebuild.it.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What is disturbed; each can be run alone. */
enum Chapter {
    KILL,
    ENGINE,
    DISK,
    CLOCK,
    RECORDS,
    TWICE,
    ARCHIVES;

    /** Its name on the command line and in results. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All of its cases, in an order that stays; the first stands for all where time is short. */
    List<ChaosCase> cases(Troupes troupes) throws IOException {
        return switch (this) {
            case KILL -> KillCases.all();
            case ENGINE -> EngineCases.all();
            case DISK -> DiskCases.all();
            case CLOCK -> ClockCases.all();
            case RECORDS -> RecordCases.of(troupes.usual().stage());
            case TWICE -> TwiceCases.all();
            case ARCHIVES -> ArchiveCases.all();
        };
    }
}
