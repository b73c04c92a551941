package io.kubebuild.reach;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which directories of the tree each compiled output is made of.
 *
 * @param directories all of them, in order
 * @param outputs for each output a bit per directory, in hex; an output that is missing here may be made of anything
 */
public record OutputSources(List<String> directories, Map<String, String> outputs) {

    public OutputSources {
        directories = List.copyOf(directories);
        outputs = Map.copyOf(outputs);
    }

    /** From the directories of each output. */
    public static OutputSources of(Map<String, ? extends Collection<String>> directoriesOf) {
        Set<String> sorted = new TreeSet<>();
        directoriesOf.values().forEach(sorted::addAll);
        List<String> all = List.copyOf(sorted);
        Map<String, Integer> index = new TreeMap<>();
        all.forEach(directory -> index.put(directory, index.size()));
        Map<String, String> outputs = new TreeMap<>();
        directoriesOf.forEach((output, directories) -> {
            BitSet bits = new BitSet(all.size());
            directories.forEach(directory -> bits.set(index.getOrDefault(directory, 0)));
            outputs.put(output, HexFormat.of().formatHex(bits.toByteArray()));
        });
        return new OutputSources(all, outputs);
    }

    /** The directories of an output, if they are known. */
    public Optional<Set<String>> of(String output) {
        return Optional.ofNullable(outputs.get(output)).map(hex -> {
            Set<String> found = new TreeSet<>();
            BitSet.valueOf(HexFormat.of().parseHex(hex)).stream()
                    .mapToObj(directories::get)
                    .forEach(found::add);
            return found;
        });
    }

    /** With what is newer about some outputs, and nothing about others that are not mentioned here. */
    public OutputSources with(Map<String, ? extends Collection<String>> newer, Collection<String> outputsNow) {
        Map<String, Collection<String>> all = new TreeMap<>();
        for (String output : new ArrayList<>(outputsNow)) {
            of(output).ifPresent(directories -> all.put(output, directories));
        }
        all.putAll(newer);
        return of(all);
    }
}
