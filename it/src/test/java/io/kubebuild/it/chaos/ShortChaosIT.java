package io.kubebuild.it.chaos;

import io.kubebuild.it.RequiresEngine;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The first case of each chapter. */
@RequiresEngine
@Tag("more")
class ShortChaosIT {

    private final Troupes troupes = new Troupes(Optional.empty());

    @TestFactory
    Stream<DynamicTest> oneCaseOfEachChapter() {
        return Arrays.stream(Chapter.values())
                .map(chapter -> DynamicTest.dynamicTest(chapter.title(), () -> {
                    ChaosCase first = chapter.cases(troupes).get(0);
                    troupes.of(first).plays(first);
                }));
    }

    @AfterEach
    void clear() throws IOException {
        troupes.close();
    }
}
