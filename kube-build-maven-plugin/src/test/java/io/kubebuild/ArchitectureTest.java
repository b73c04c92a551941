package io.kubebuild;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.kubebuild.tree.Git;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The nevers of the design, and who may know whom. */
@AnalyzeClasses(packages = "io.kubebuild", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    /** Written by the plugin tools, not by us. */
    private static final DescribedPredicate<JavaClass> GENERATED = simpleName("HelpMojo");

    @ArchTest
    static final ArchRule mavenLivesInMojoAndNowhereElse = noClasses()
            .that(are(outside("io.kubebuild.mojo..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.maven..", "javax.inject..", "org.sonatype..", "org.eclipse.aether..");

    @ArchTest
    static final ArchRule plexusQuotesCommandsAndNothingElse = noClasses()
            .that(are(outside("io.kubebuild.mojo..", "io.kubebuild.compile..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.codehaus.plexus..");

    @ArchTest
    static final ArchRule theClientLibraryLivesInOneRoom = noClasses()
            .that(are(outside("io.kubebuild.docker.mandas..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mandas..", "org.glassfish..", "jakarta.ws..", "org.apache.http..");

    @ArchTest
    static final ArchRule onlyImagesComeFromRegistries = noClasses()
            .that(are(outside("io.kubebuild.image..", "io.kubebuild.mojo..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.cloud.tools..");

    @ArchTest
    static final ArchRule roomsKnowEachOtherOneWay =
            slices().matching("io.kubebuild.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchTests everyRoomKnowsOnlyWhatItMay = ArchTests.in(Rooms.class);

    @ArchTest
    static final ArchRule nobodyPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nobodyChangesTheProcessTheyRunIn = noClasses()
            .should()
            .callMethodWhere(calls(
                    System.class, "exit", "setProperty", "setProperties", "clearProperty", "setOut", "setErr", "setIn"))
            .orShould()
            .callMethodWhere(calls(Runtime.class, "exit", "halt"))
            .orShould()
            .callMethodWhere(calls(Thread.class, "setContextClassLoader", "setDefaultUncaughtExceptionHandler"))
            .because("several builds may run in one JVM");

    @ArchTest
    static final ArchRule programsAreStartedInAFewPlacesAndGitInOne = noClasses()
            .that(DescribedPredicate.not(namedExactly(
                    Git.class.getName(),
                    "io.kubebuild.image.CredentialPrograms",
                    "io.kubebuild.step.Terminal",
                    "io.kubebuild.sync.RsyncClient",
                    "io.kubebuild.workspace.host.HostProcesses",
                    "io.kubebuild.workspace.host.HostTools")))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethodWhere(calls(Runtime.class, "exec"))
            .because(
                    "tree.Git alone knows how to start git without what Maven's environment says of another repository");

    @ArchTest
    static final ArchRule theEnvironmentIsHandedIn = noClasses()
            .that(are(outside("io.kubebuild.mojo..")))
            .should()
            .callMethodWhere(calls(System.class, "getenv"))
            .because("the request carries the environment");

    @ArchTest
    static final ArchRule staticsHaveNoState = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(DescribedPredicate.not(GENERATED))
            .should()
            .beFinal()
            .orShould()
            // javac's own, for switches over enums
            .haveModifier(JavaModifier.SYNTHETIC);

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)")
            .orShould()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..");

    private static final Set<String> WRITING = Set.of(
            "write",
            "writeString",
            "newOutputStream",
            "newBufferedWriter",
            "newByteChannel",
            "createFile",
            "createTempFile",
            "createTempDirectory",
            "createDirectory",
            "createDirectories",
            "createLink",
            "createSymbolicLink",
            "copy",
            "move",
            "setAttribute",
            "setLastModifiedTime",
            "setOwner",
            "setPosixFilePermissions");

    /** Deleting does not follow links, and copying to a stream only reads. */
    private static final DescribedPredicate<JavaCall<?>> WRITES_FILES =
            DescribedPredicate.describe("make or change files", ArchitectureTest::writesFiles);

    private static boolean writesFiles(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        if (owner.isEquivalentTo(Files.class)) {
            return WRITING.contains(call.getName()) && !readsOnly(call);
        }
        return (owner.isEquivalentTo(FileChannel.class) && call.getName().equals("open"))
                || Stream.of(FileOutputStream.class, FileWriter.class, RandomAccessFile.class)
                        .anyMatch(owner::isEquivalentTo);
    }

    private static boolean readsOnly(JavaCall<?> call) {
        return call.getTarget().getRawParameterTypes().stream()
                .anyMatch(type -> type.isEquivalentTo(OutputStream.class));
    }

    @ArchTest
    static final ArchRule filesAreWrittenInOneRoom = noClasses()
            .that(are(outside("io.kubebuild.io..")))
            // It reads what was compressed before, at places that it knows.
            .and(are(DescribedPredicate.not(simpleName("CompressedFiles"))))
            .should()
            .callMethodWhere(WRITES_FILES)
            .orShould()
            .callConstructorWhere(WRITES_FILES)
            .because("a tree or a recording may have laid links: io.ConfinedDirectory does not follow them");

    @ArchTest
    static final ArchRule archivesOfOthersHaveOneReader = noClasses()
            .that(are(outside("io.kubebuild.io..")))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.commons.compress.archivers.tar.TarArchiveInputStream")
            .because("io.ForeignTar has the limits");

    /** Released tarballs are what upstream's tar writes, in other forms of its own (release.TarballWriter). */
    @ArchTest
    static final ArchRule tarStreamsHaveOneFactory = noClasses()
            .that(are(outside("io.kubebuild.io..")))
            .and(are(not(simpleName("TarballWriter"))))
            .should()
            .callConstructor(TarArchiveOutputStream.class, OutputStream.class)
            .orShould()
            .callConstructor(TarArchiveOutputStream.class, OutputStream.class, String.class)
            .because("io.TarOutput takes ids of directory services, long names and all dates");

    @ArchTest
    static final ArchRule filesHaveAGroundFloorOfFewClasses = classes()
            .that()
            .resideInAPackage("io.kubebuild.io")
            .and()
            .areTopLevelClasses()
            .should(beAtMost(15));

    @ArchTest
    static final ArchRule theGroundFloorHasNoCircle = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    String name = type.getName();
                    return type.getPackageName().equals("io.kubebuild.io")
                            ? SliceIdentifier.of(name.contains("$") ? name.substring(0, name.indexOf('$')) : name)
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "top-level classes of io";
                }
            })
            .should()
            .beFreeOfCycles();

    private static ArchCondition<JavaClass> beAtMost(int most) {
        return new ArchCondition<>("be at most " + most) {
            private final List<JavaClass> seen = new ArrayList<>();

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                seen.add(type);
            }

            @Override
            public void finish(ConditionEvents events) {
                if (seen.size() > most) {
                    events.add(SimpleConditionEvent.violated(seen.get(0), seen.size() + " classes: " + seen));
                }
            }
        };
    }

    private static DescribedPredicate<JavaClass> namedExactly(String... names) {
        Set<String> wanted = Set.of(names);
        return DescribedPredicate.describe(
                String.join(", ", names), type -> wanted.contains(type.getName().replaceFirst("\\$.*", "")));
    }

    private static DescribedPredicate<JavaClass> outside(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages))
                .and(DescribedPredicate.not(GENERATED))
                .as("outside %s", String.join(", ", packages));
    }

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + String.join("/", names),
                call -> call.getTargetOwner().isEquivalentTo(owner) && wanted.contains(call.getName()));
    }

    /** One rule for each room; a room that is not listed here knows nobody. */
    static final class Rooms {

        /** Anyone may use these, and they use nobody. */
        private static final List<String> LEAVES = List.of("problem", "event", "fingerprint", "io", "http");

        @ArchTest
        static final ArchRule problem = room("problem");

        @ArchTest
        static final ArchRule event = room("event");

        @ArchTest
        static final ArchRule fingerprint = room("fingerprint");

        @ArchTest
        static final ArchRule files = rule(resideInAnyPackage("io.kubebuild.io.."), "io", "problem");

        @ArchTest
        static final ArchRule http = rule(resideInAnyPackage("io.kubebuild.http.."), "http", "problem");

        @ArchTest
        static final ArchRule tree = room("tree");

        @ArchTest
        static final ArchRule docker = room("docker");

        @ArchTest
        static final ArchRule workspace = rule(
                resideInAnyPackage("io.kubebuild.workspace..")
                        .and(DescribedPredicate.not(resideInAnyPackage("io.kubebuild.workspace.container.."))),
                "workspace",
                "tree");

        @ArchTest
        static final ArchRule workspaceInContainers =
                rule(resideInAnyPackage("io.kubebuild.workspace.container.."), "workspace", "tree", "docker");

        @ArchTest
        static final ArchRule workspaceOnHost = noClasses()
                .that()
                .resideInAPackage("io.kubebuild.workspace.host..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubebuild.workspace.container..");

        @ArchTest
        static final ArchRule sync = room("sync", "tree", "workspace");

        @ArchTest
        static final ArchRule cache = room("cache", "workspace", "sync", "tree");

        @ArchTest
        static final ArchRule plan = room("plan", "tree", "workspace");

        @ArchTest
        static final ArchRule compile = room("compile", "plan", "workspace", "tree");

        @ArchTest
        static final ArchRule reach = room("reach", "sync", "workspace");

        @ArchTest
        static final ArchRule gotest = room("gotest");

        @ArchTest
        static final ArchRule image = room("image", "tree", "docker");

        @ArchTest
        static final ArchRule release = room("release", "tree", "plan", "workspace", "image");

        @ArchTest
        static final ArchRule request = room("request", "tree", "workspace", "image");

        @ArchTest
        static final ArchRule output = room("output", "tree", "release");

        @ArchTest
        static final ArchRule step = noClasses()
                .that()
                .resideInAPackage("io.kubebuild.step..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubebuild.mojo..");

        private static ArchRule room(String name, String... known) {
            return rule(resideInAnyPackage("io.kubebuild." + name + ".."), name, known);
        }

        private static ArchRule rule(DescribedPredicate<JavaClass> members, String name, String... known) {
            List<String> allowed = new ArrayList<>(List.of(name));
            allowed.addAll(List.of(known));
            // Leaves do not know each other either.
            allowed.addAll(LEAVES.contains(name) ? List.of() : LEAVES);
            DescribedPredicate<JavaClass> strangers = resideInAnyPackage("io.kubebuild..")
                    .and(DescribedPredicate.not(resideInAnyPackage(allowed.stream()
                            .map(room -> "io.kubebuild." + room + "..")
                            .toArray(String[]::new))));
            return noClasses()
                    .that(members.as("are in %s", name))
                    .should()
                    .dependOnClassesThat(strangers.as("are in rooms other than %s", allowed))
                    // Rooms are filled one after the other.
                    .allowEmptyShould(true);
        }
    }
}
