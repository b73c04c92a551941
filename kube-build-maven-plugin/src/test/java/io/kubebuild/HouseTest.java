package io.kubebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * How large rooms are, and how large the knots in them: a newcomer has to read a circle of classes as one. What is larger than it should be is
 * listed, so that it only becomes smaller: whoever makes a number smaller writes that down here, too.
 */
class HouseTest {

    private static final int MOST_CLASSES = 15;

    /** Three classes that know each other are one thought. */
    private static final int LARGEST_CIRCLE = 3;

    /** Packages with more top-level classes than they should have. */
    private static final Map<String, Integer> CROWDED = Map.of(
            "io.kubebuild.docker.mandas", 23,
            "io.kubebuild.mojo", 55,
            "io.kubebuild.plan", 18,
            "io.kubebuild.release", 24,
            "io.kubebuild.step", 70,
            "io.kubebuild.sync", 34,
            "io.kubebuild.tree", 26);

    /** Packages with a larger circle than they should have. */
    private static final Map<String, Integer> KNOTTED = Map.of("io.kubebuild.mojo", 5, "io.kubebuild.step", 41);

    private final Map<String, Set<JavaClass>> rooms = rooms(new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.kubebuild"));

    private static Map<String, Set<JavaClass>> rooms(JavaClasses classes) {
        return classes.stream()
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                // Written by the plugin tools, not by us.
                .filter(each -> !each.getSimpleName().equals("HelpMojo"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.toSet()));
    }

    @Test
    void roomsAreSmall() {
        Map<String, Integer> crowded = new TreeMap<>();
        rooms.forEach((name, classes) -> {
            if (classes.size() > MOST_CLASSES) {
                crowded.put(name, classes.size());
            }
        });

        assertThat(crowded).isEqualTo(CROWDED);
    }

    @Test
    void circlesAreSmall() {
        Map<String, Integer> knotted = new TreeMap<>();
        rooms.forEach((name, classes) -> {
            int largest = largestCircle(knownBy(classes));
            if (largest > LARGEST_CIRCLE) {
                knotted.put(name, largest);
            }
        });

        assertThat(knotted).isEqualTo(KNOTTED);
    }

    /** Whom each class of a room knows there, nested classes counted as parts of theirs. */
    private static Map<String, Set<String>> knownBy(Set<JavaClass> room) {
        Set<String> names = room.stream().map(JavaClass::getFullName).collect(Collectors.toSet());
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass each : room) {
            Set<String> others = new TreeSet<>();
            known.put(each.getFullName(), others);
            each.getPackage().getClasses().stream()
                    .filter(part -> outermost(part).equals(each.getFullName()))
                    .flatMap(part -> part.getDirectDependenciesFromSelf().stream())
                    .map(Dependency::getTargetClass)
                    .map(HouseTest::outermost)
                    .filter(names::contains)
                    .filter(other -> !other.equals(each.getFullName()))
                    .forEach(others::add);
        }
        return known;
    }

    private static String outermost(JavaClass part) {
        String name = part.getBaseComponentType().getFullName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Size of the largest set of classes that reach each other. */
    private static int largestCircle(Map<String, Set<String>> known) {
        Map<String, Set<String>> reached = new HashMap<>();
        known.keySet().forEach(name -> reached.put(name, reachedFrom(name, known)));
        return known.keySet().stream()
                .mapToInt(name -> (int) reached.get(name).stream()
                        .filter(other -> reached.get(other).contains(name))
                        .count())
                .max()
                .orElse(0);
    }

    private static Set<String> reachedFrom(String start, Map<String, Set<String>> known) {
        Set<String> reached = new TreeSet<>();
        Deque<String> left = new ArrayDeque<>(List.of(start));
        while (!left.isEmpty()) {
            for (String next : known.get(left.pop())) {
                if (reached.add(next)) {
                    left.push(next);
                }
            }
        }
        return reached;
    }
}
