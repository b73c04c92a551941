package io.kubebuild.step;

import java.util.Map;

/** Labels of everything that the plugin makes in an engine, so that cleaning touches nothing else. */
final class Labels {

    static final String HOST = "io.kubebuild.host";
    static final String PATH = "io.kubebuild.path";

    private Labels() {}

    static Map<String, String> of(BuildContext context) {
        return Map.of(HOST, context.hostName(), PATH, context.tree().path().toString());
    }
}
