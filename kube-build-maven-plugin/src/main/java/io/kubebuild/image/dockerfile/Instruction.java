package io.kubebuild.image.dockerfile;

import java.util.Map;

/**
 * One instruction of a Dockerfile.
 *
 * @param line where it begins, from 1
 * @param keyword in upper case
 * @param flags {@code --from=…} and the like, without the dashes
 * @param text everything after keyword and flags, continuation lines joined
 */
public record Instruction(int line, String keyword, Map<String, String> flags, String text) {
    public Instruction {
        flags = Map.copyOf(flags);
    }

    /** As it is written in messages. */
    @Override
    public String toString() {
        return "line " + line + ": " + keyword + " " + text;
    }
}
