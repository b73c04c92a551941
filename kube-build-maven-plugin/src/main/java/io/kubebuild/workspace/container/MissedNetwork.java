package io.kubebuild.workspace.container;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passes on what a command prints, and keeps the first line by which go, git, curl or wget say that there is no network. */
final class MissedNetwork implements Consumer<String> {

    private static final Pattern SAYS = Pattern.compile(
            "dial (tcp|udp)\\b.*(no such host|unreachable|server misbehaving|failure in name resolution)"
                    + "|network is unreachable|could not resolve host|unable to resolve host address|bad address '"
                    + "|temporary failure (in name resolution|resolving)|name or service not known",
            Pattern.CASE_INSENSITIVE);

    private final Consumer<String> output;
    private final AtomicReference<@Nullable String> said = new AtomicReference<>();

    MissedNetwork(Consumer<String> output) {
        this.output = output;
    }

    @Override
    public void accept(String line) {
        if (said.get() == null && SAYS.matcher(line).find()) {
            said.compareAndSet(null, line.strip());
        }
        output.accept(line);
    }

    /** The first such line. */
    Optional<String> line() {
        return Optional.ofNullable(said.get());
    }
}
