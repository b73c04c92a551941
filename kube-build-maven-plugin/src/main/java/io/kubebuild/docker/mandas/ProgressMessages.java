package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.io.IOException;
import java.util.function.Consumer;

/** The engine's JSON messages about a long piece of work; one of them may say that it failed, although the status was fine. */
final class ProgressMessages {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProgressMessages() {}

    /** Reads all messages of an answer. */
    static void read(EngineHttp.Answer answer, String what, Consumer<JsonNode> each) {
        try (MappingIterator<JsonNode> messages = JSON.readerFor(JsonNode.class).readValues(answer.body())) {
            while (messages.hasNextValue()) {
                JsonNode message = messages.nextValue();
                if (message.hasNonNull("error")) {
                    String text = message.path("error").asText();
                    throw Refusal.reported(
                            what, message.path("errorDetail").path("message").asText(text));
                }
                each.accept(message);
            }
        } catch (JsonProcessingException e) {
            throw new EngineException(Kind.OTHER, what + ": the engine's answer is no JSON", e);
        } catch (IOException e) {
            throw Refusal.broken(what, e);
        }
        if (answer.ended().isPresent()) {
            throw new EngineException(Kind.UNREACHABLE, what + ": the Docker engine stopped answering", null);
        }
    }
}
