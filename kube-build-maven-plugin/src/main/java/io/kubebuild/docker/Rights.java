package io.kubebuild.docker;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What processes of a container may do and use.
 *
 * @param capabilities of root in it, as the engine names them ({@code CHOWN}), all others being dropped; empty for the engine's choice
 * @param gain whether a program may have more rights than who starts it, by set-id bits or capabilities of files
 * @param processes how many there may be, threads included; empty for no limit
 * @param memory in bytes, of all processes together; empty for no limit
 */
public record Rights(Optional<List<String>> capabilities, boolean gain, OptionalLong processes, OptionalLong memory) {

    /** What the engine gives. */
    public static final Rights USUAL = new Rights(Optional.empty(), true, OptionalLong.empty(), OptionalLong.empty());

    public Rights {
        capabilities = capabilities.map(List::copyOf);
    }

    /** Of those that root may have only these. */
    public static Rights only(String... capabilities) {
        return new Rights(Optional.of(List.of(capabilities)), true, OptionalLong.empty(), OptionalLong.empty());
    }
}
