package io.kubebuild.step;

import io.kubebuild.workspace.container.DataContainer;
import java.util.Map;

/** Labels of everything that the plugin makes in an engine: whose it is. */
final class Labels {

    static final String HOST = DataContainer.HOST_LABEL;
    static final String PATH = DataContainer.PATH_LABEL;

    private Labels() {}

    static Map<String, String> of(BuildContext context) {
        return Map.of(HOST, context.hostName(), PATH, context.tree().path().toString());
    }
}
