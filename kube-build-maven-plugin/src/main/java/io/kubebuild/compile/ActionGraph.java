package io.kubebuild.compile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a go command did for what: the file that it writes with {@code -debug-actiongraph} (Go 1.10 and newer; type {@code
 * actionJSON} of {@code cmd/go/internal/work}). It holds every package, also those whose compiled form was taken from the cache.
 */
final class ActionGraph {

    private final Map<Integer, Action> actions = new HashMap<>();

    /** One action; packages of tests are told by the package that they test. */
    private record Action(String packagePath, String target, List<Integer> needs) {}

    private ActionGraph() {}

    static ActionGraph read(InputStream json) throws IOException {
        ActionGraph graph = new ActionGraph();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("no list of actions");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                graph.readAction(parser);
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || graph.actions.isEmpty()) {
                throw new IOException("the list of actions ends early");
            }
        }
        return graph;
    }

    private void readAction(JsonParser parser) throws IOException {
        int id = -1;
        String packagePath = "";
        String target = "";
        List<Integer> needs = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("ID")) {
                id = parser.getIntValue();
            } else if (name.equals("Package")) {
                packagePath = withoutVariant(parser.getText());
            } else if (name.equals("Target")) {
                target = parser.getText();
            } else if (name.equals("Deps") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    needs.add(parser.getIntValue());
                }
            } else {
                parser.skipChildren();
            }
        }
        if (id < 0) {
            throw new IOException("an action without a number");
        }
        actions.put(id, new Action(packagePath, target, needs));
    }

    /** {@code k8s.io/a [k8s.io/b.test]} is compiled from the files of {@code k8s.io/a}. */
    private static String withoutVariant(String packagePath) {
        int blank = packagePath.indexOf(' ');
        return blank < 0 ? packagePath : packagePath.substring(0, blank);
    }

    /** Import paths of all packages. */
    Set<String> packages() throws IOException {
        return packages(actions.keySet());
    }

    /** Import paths of all packages that a file is made of; empty where no action makes it. */
    Optional<Set<String>> packagesOf(String file) throws IOException {
        List<Integer> makers = actions.entrySet().stream()
                .filter(action -> action.getValue().target().equals(file))
                .map(Map.Entry::getKey)
                .toList();
        return makers.isEmpty() ? Optional.empty() : Optional.of(packages(makers));
    }

    private Set<String> packages(Iterable<Integer> roots) throws IOException {
        Set<String> packages = new TreeSet<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> next = new ArrayDeque<>();
        roots.forEach(next::add);
        while (!next.isEmpty()) {
            Integer id = next.removeFirst();
            if (!seen.add(id)) {
                continue;
            }
            Action action = actions.get(id);
            if (action == null) {
                throw new IOException("action " + id + " is missing");
            }
            if (!action.packagePath().isEmpty()) {
                packages.add(action.packagePath());
            }
            next.addAll(action.needs());
        }
        return packages;
    }
}
