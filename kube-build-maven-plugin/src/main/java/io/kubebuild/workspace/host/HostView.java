package io.kubebuild.workspace.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How commands of a host workspace see files. */
public sealed interface HostView {

    /** GOPATH of a build container, and of commands with a mount namespace. */
    String GOPATH = "/go";

    /**
     * As in a build container: the GOPATH is {@code /go}, Go is in {@code /usr/local/go}, {@code /tmp} is the workspace's own. Each
     * command has a mount namespace to itself.
     *
     * @param command what makes namespaces, to be put before a command
     * @param givesAway whether files can be given to other users in there
     */
    record Mounted(List<String> command, boolean givesAway) implements HostView {
        public Mounted {
            command = List.copyOf(command);
        }

        private Mounted(String unshare, List<String> files, List<String> processes, boolean givesAway) {
            this(
                    Stream.of(List.of(unshare), files, processes)
                            .flatMap(List::stream)
                            .toList(),
                    givesAway);
        }
    }

    /**
     * As they lie on this machine.
     *
     * @param reason why it cannot be as in a container
     */
    record InPlace(String reason) implements HostView {}

    /**
     * The nearest to a container that this machine lets its user have.
     *
     * @param directory made
     */
    static HostView of(HostDirectory directory, GoSdk sdk, HostTools tools, boolean superuser)
            throws InterruptedException {
        if (tools.unshare().isEmpty()) {
            return new InPlace("mount namespaces need Linux, and the command unshare");
        }
        String unshare = tools.unshare().get().toString();
        // Where a build agent is itself a container, it often may not mount a /proc of its own.
        List<String> processes = List.of("--pid", "--fork", "--kill-child");
        List<HostView.Mounted> views = new ArrayList<>();
        if (superuser) {
            views.add(new Mounted(unshare, List.of("--mount"), processes, true));
            views.add(new Mounted(unshare, List.of("--mount"), List.of(), true));
        }
        List<String> ofUser = List.of("--user", "--map-root-user", "--mount");
        views.add(new Mounted(unshare, ofUser, processes, false));
        views.add(new Mounted(unshare, ofUser, List.of(), false));
        String reason = "";
        for (Mounted view : views) {
            List<String> probe = new ArrayList<>(view.words(directory, sdk, tools, "/"));
            probe.addAll(List.of("/bin/sh", "-c", "test -w " + GOPATH + " && test -x /usr/local/go/bin/go"));
            HostTools.Answer answer = tools.ask(probe, Map.of());
            if (answer.exitCode() == 0) {
                return view;
            }
            reason = answer.lines().isEmpty()
                    ? "exit code " + answer.exitCode()
                    : answer.lines().get(answer.lines().size() - 1);
        }
        return new InPlace("the kernel gives this user no mount namespace: " + reason);
    }

    /** The words before a command that runs in a directory of this view; variables of {@code env} may follow them. */
    default List<String> words(HostDirectory directory, GoSdk sdk, HostTools tools, String commandDirectory) {
        List<String> words = new ArrayList<>();
        if (this instanceof Mounted mounted) {
            words.addAll(mounted.command());
            words.addAll(tools.bash("enter.sh"));
            words.addAll(List.of(directory.path().toString(), sdk.root().toString()));
        } else {
            words.addAll(tools.bash("in-place.sh"));
        }
        words.add(commandDirectory);
        return words;
    }

    /** GOPATH for commands. */
    default String gopath(HostDirectory directory) {
        return this instanceof Mounted ? GOPATH : directory.gopath().toString();
    }

    /** GOROOT for commands. */
    default String goroot(GoSdk sdk) {
        return this instanceof Mounted ? "/usr/local/go" : sdk.root().toString();
    }

    /** A directory for temporary files. */
    default String temporary(HostDirectory directory) {
        return this instanceof Mounted ? "/tmp" : directory.temporary().toString();
    }

    /** Where a path of a command lies on this machine; only the workspace's own paths differ. */
    default Path onThisMachine(HostDirectory directory, String path) {
        if (this instanceof Mounted) {
            if (path.startsWith(GOPATH + "/")) {
                return directory.gopath().resolve(path.substring(GOPATH.length() + 1));
            }
            if (path.startsWith("/tmp/")) {
                return directory.temporary().resolve(path.substring("/tmp/".length()));
            }
        }
        return Path.of(path);
    }

    /** A script of this room. */
    static String script(String name) {
        try (InputStream in = HostView.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
