package io.kubebuild.release;

import io.kubebuild.io.FileModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Images and tarballs of the last release, for those of the next one that are made of the same. */
public final class EarlierRelease {

    private final Path output;
    private final Path staging;
    private final Map<String, Part> earlier;
    private final Map<String, Part> made = new TreeMap<>();

    /**
     * Something that a release made.
     *
     * @param inputs hash of everything that it was made of
     * @param path where it lies, relative to the output directory
     */
    public record Part(String inputs, String path) {}

    /**
     * What there is to take from.
     *
     * @param output has the release directories of the last release, untouched since
     * @param staging has those of the next one
     * @param earlier parts of the last release by name; none where somebody touched the directories
     */
    public EarlierRelease(Path output, Path staging, Map<String, Part> earlier) {
        this.output = output;
        this.staging = staging;
        this.earlier = Map.copyOf(earlier);
    }

    /** Makes a file that does not exist yet. */
    @FunctionalInterface
    public interface Maker {
        void make() throws IOException, InterruptedException;
    }

    /**
     * Takes a part from the last release, or has it made.
     *
     * @param name the same in every release
     * @param inputs hash of everything that goes into it
     * @param target where it belongs, in the staging directory
     * @return whether it had to be made
     */
    public boolean takeOrMake(String name, String inputs, Path target, Maker maker)
            throws IOException, InterruptedException {
        made.put(name, new Part(inputs, staging.relativize(target).toString()));
        Part part = earlier.get(name);
        if (part != null && part.inputs().equals(inputs)) {
            Path file = output.resolve(part.path());
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                StageMaterializer.place(file, target, FileModes.get(file));
                return false;
            }
        }
        maker.make();
        return true;
    }

    /** The parts of the next release, as far as they are made. */
    public Map<String, Part> made() {
        return Map.copyOf(made);
    }
}
