package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the engine's JSON leniently: what one version says as an empty list, another says as null or not at all. */
final class Json {

    private Json() {}

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new HashMap<>();
        object.fieldNames()
                .forEachRemaining(name -> map.put(name, object.path(name).asText()));
        return map;
    }
}
