package io.kubebuild.image.dockerfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Command lines of ENTRYPOINT, CMD and RUN: a JSON list, or else a line for the shell. */
final class Arguments {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Arguments() {}

    static List<String> of(Instruction instruction) throws NotUnderstoodException {
        if (!instruction.flags().isEmpty()) {
            boolean flagsReadElsewhere = instruction.keyword().equals("COPY");
            if (!flagsReadElsewhere) {
                throw new NotUnderstoodException(instruction, "its flags are not read");
            }
        }
        if (instruction.text().startsWith("[")) {
            try {
                JsonNode node = JSON.readTree(instruction.text());
                List<String> arguments = new ArrayList<>();
                boolean textual = node.isArray();
                for (JsonNode one : node) {
                    textual &= one.isTextual();
                    arguments.add(one.asText());
                }
                if (textual) {
                    return arguments;
                }
            } catch (IOException e) {
                throw new NotUnderstoodException(instruction, "it looks like a JSON list but is none");
            }
        }
        return List.of("/bin/sh", "-c", instruction.text());
    }
}
