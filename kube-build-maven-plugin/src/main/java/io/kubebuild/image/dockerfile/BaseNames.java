package io.kubebuild.image.dockerfile;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images that a Dockerfile takes from elsewhere, for a build by the engine: whatever is not there then, the engine would pull
 * from where it likes. Instructions that are not understood do not matter here.
 */
public final class BaseNames {

    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> arguments;
    private final String target;
    private final Set<String> stages = new LinkedHashSet<>();
    private final List<Base> bases = new ArrayList<>();

    /**
     * An image from elsewhere.
     *
     * @param platform {@code linux/arm64}
     */
    public record Base(ImageReference reference, String platform) {}

    private BaseNames(Map<String, String> arguments, Platform target, Platform build) {
        this.arguments = Map.copyOf(arguments);
        this.target = target.toString();
        variables.putAll(RecipeReader.automatic(target, build));
    }

    /**
     * Images of {@code FROM} and {@code COPY --from}, each once, in order; names that come from a variable without a value are left to
     * the engine.
     *
     * @param arguments as {@code --build-arg} would give them
     * @param target what the image is for
     * @param build what the builder runs on
     */
    public static List<Base> of(Dockerfile dockerfile, Map<String, String> arguments, Platform target, Platform build) {
        BaseNames names = new BaseNames(arguments, target, build);
        for (Instruction instruction : dockerfile.instructions()) {
            names.take(instruction);
        }
        return names.bases.stream().distinct().toList();
    }

    private void take(Instruction instruction) {
        try {
            switch (instruction.keyword()) {
                case "ARG" -> argument(instruction);
                case "FROM" -> from(instruction);
                case "COPY" -> {
                    String image = instruction.flags().getOrDefault("from", "");
                    if (!image.matches("[0-9]*") && !stages.contains(image.toLowerCase(Locale.ROOT))) {
                        add(image, Optional.empty());
                    }
                }
                default -> {
                    // Takes nothing from elsewhere that has the name of an image.
                }
            }
        } catch (NotUnderstoodException leftToTheEngine) {
            return;
        }
    }

    /** Only those before the first FROM can be named in one. */
    private void argument(Instruction instruction) throws NotUnderstoodException {
        if (!stages.isEmpty()) {
            return;
        }
        for (String raw : Words.rawWords(instruction.text())) {
            int equals = raw.indexOf('=');
            String name = equals < 0 ? raw : raw.substring(0, equals);
            if (arguments.containsKey(name)) {
                variables.put(name, arguments.getOrDefault(name, ""));
            } else if (equals >= 0) {
                variables.put(name, new Words(instruction, variables).expand(raw.substring(equals + 1)));
            }
        }
    }

    private void from(Instruction instruction) throws NotUnderstoodException {
        Words words = new Words(instruction, variables);
        List<String> raw = Words.rawWords(instruction.text());
        // Known before its image is: a stage without a name counts, too.
        String stage = raw.size() == 3 ? raw.get(2).toLowerCase(Locale.ROOT) : "stage " + stages.size();
        Set<String> earlier = Set.copyOf(stages);
        stages.add(stage);
        String image = raw.isEmpty() ? "" : words.expand(raw.get(0));
        String platform = instruction.flags().getOrDefault("platform", "");
        if (!image.equals(BaseImage.SCRATCH) && !earlier.contains(image.toLowerCase(Locale.ROOT))) {
            add(image, platform.isEmpty() ? Optional.empty() : Optional.of(words.expand(platform)));
        }
    }

    private void add(String image, Optional<String> platform) {
        ImageReference.parse(image).ifPresent(name -> bases.add(new Base(name, platform.orElse(target))));
    }
}
