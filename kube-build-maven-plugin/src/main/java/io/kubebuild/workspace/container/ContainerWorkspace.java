package io.kubebuild.workspace.container;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.Engine.ExecSpec;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.Rights;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The workspace on a Docker engine: one build container, started when it is first needed, over the volumes of the data
 * container. Commands run in it by exec. What upstream's {@code kube::build::run_build_command_ex} gives a container, this one
 * has too: name, user, host name, volumes, environment.
 */
public final class ContainerWorkspace implements Workspace {

    /** Mode of a container that has a loopback device and nothing else. */
    public static final String NO_NETWORK = "none";

    private static final Pattern ABOUT_RIGHTS =
            Pattern.compile("pids|cgroup|capabilit|no.?new.?priv|securit|permission denied", Pattern.CASE_INSENSITIVE);

    /** Characters of a command that messages show. */
    private static final int LONGEST_NAME = 120;

    /** Before the name of a variable on its way through the docker command. */
    private static final String HANDED = "KUBEBUILD_";

    /**
     * The first process of the build container only waits. It ends when for half an hour nothing else ran in the container, so
     * that one whose plugin was killed does not stay for ever; the next build removes it by its name.
     */
    private static final String WAIT = "trap 'exit 0' TERM INT; idle=0; while [ $idle -lt 120 ]; do"
            + " sleep 15 & wait $!; set -- /proc/[0-9]*;"
            + " if [ $# -le 1 ]; then idle=$((idle+1)); else idle=0; fi; done";

    private final Engine engine;
    private final EngineInfo info;
    private final Settings settings;
    private final Consumer<String> advice;
    private final AtomicBoolean missedNetwork = new AtomicBoolean();
    private final ShortLivedContainers containers;
    private boolean usualRights;
    private volatile @Nullable String container;
    private volatile @Nullable Capacity capacity;
    private volatile boolean closed;

    /**
     * A workspace whose container is not there yet.
     *
     * @param containers sees to it that the container does not outlive the build
     * @param advice told what a user should know about the container, each at most once
     */
    public ContainerWorkspace(
            Engine engine, Settings settings, ShortLivedContainers containers, Consumer<String> advice) {
        this.engine = engine;
        this.settings = settings;
        this.containers = containers;
        this.advice = advice;
        this.info = calling("asking the engine who it is", engine::info);
    }

    /**
     * What the build container is like.
     *
     * @param name as upstream's {@code kube-build-<hash>-<version>}; a container of that name is removed first
     * @param image the build image
     * @param dataContainer id of the data container
     * @param root root of the tree inside
     * @param user who runs commands
     * @param hostname its host name
     * @param treePath absolute path of the tree on this host, for its label
     * @param environment what upstream passes with {@code --env}
     * @param withEachCommand variables besides, which whoever may inspect the container does not see: addresses with passwords
     * @param rights what commands may do; where the engine refuses them, its usual ones
     * @param networkMode {@link #NO_NETWORK}, or empty for the engine's default
     * @param cgroupParent cgroup that the container lies in, or empty for the engine's default
     * @param sharesTree whether the data container has the tree itself
     */
    public record Settings(
            String name,
            String image,
            String dataContainer,
            String root,
            BuildUser user,
            String hostname,
            String treePath,
            Map<String, String> environment,
            Map<String, String> withEachCommand,
            Rights rights,
            Optional<String> networkMode,
            Optional<String> cgroupParent,
            boolean sharesTree) {
        public Settings {
            environment = Map.copyOf(environment);
            withEachCommand = Map.copyOf(withEachCommand);
        }

        ContainerSpec spec() {
            ContainerSpec spec = ContainerSpec.of(name, image, List.of("/bin/sh", "-c", WAIT))
                    .withEnvironment(environment)
                    .withHostname(hostname)
                    .withVolumesFrom(List.of(dataContainer))
                    .withRights(rights)
                    .withLabels(DataContainer.labels(hostname, treePath));
            ContainerSpec owned = user.user().map(spec::withUser).orElse(spec);
            ContainerSpec placed = cgroupParent.map(owned::withCgroupParent).orElse(owned);
            return networkMode.map(placed::withNetworkMode).orElse(placed);
        }
    }

    @Override
    public String identity() {
        return settings.dataContainer();
    }

    @Override
    public String root() {
        return settings.root();
    }

    @Override
    public String platform() {
        return info.platform();
    }

    @Override
    public Capacity capacity() throws InterruptedException {
        Capacity known = capacity;
        if (known == null) {
            List<String> lines = new CopyOnWriteArrayList<>();
            run(new Command(List.of("/bin/sh", "-c", Limits.SCRIPT), Map.of("LC_ALL", "C"), "/", false), lines::add);
            known = Limits.within(new Capacity(info.cpus(), info.memoryBytes()), lines);
            capacity = known;
        }
        return known;
    }

    @Override
    public boolean sharesTree() {
        return settings.sharesTree();
    }

    @Override
    public Owner owner() {
        return settings.user().owner();
    }

    /** Starts the build container. */
    @Override
    public void prepare() {
        started();
    }

    @Override
    public int run(Command command, Consumer<String> output) throws InterruptedException {
        String id = started();
        MissedNetwork heard = new MissedNetwork(output);
        try {
            int code = engine.exec(id, exec(command), heard);
            Optional<KubeException> ended = ContainerEnd.ofCode("running " + inWords(command), engine, which(), code);
            if (ended.isPresent()) {
                throw ended.get();
            }
            if (code != 0 && settings.networkMode().filter(NO_NETWORK::equals).isPresent()) {
                heard.line().ifPresent(this::tellOfNetwork);
            }
            return code;
        } catch (EngineException e) {
            String doing = "running " + inWords(command);
            throw ContainerEnd.ofRefusal(doing, engine, which(), e)
                    .orElseGet(() -> EngineTrouble.during(doing + " in " + settings.name(), e));
        }
    }

    private ContainerEnd.Which which() {
        return new ContainerEnd.Which("build container", settings.name());
    }

    private void tellOfNetwork(String line) {
        if (missedNetwork.compareAndSet(false, true)) {
            advice.accept("a command asked for the network, which the build container does not have: " + line
                    + "; to give it one: -Dkube.network=on");
        }
    }

    /** The command as a person would name it: scripts and long lists of files are left out. */
    private static String inWords(Command command) {
        String words = command.argv().stream()
                .map(word -> word.contains("\n") ? "<script>" : word)
                .collect(Collectors.joining(" "));
        return words.length() <= LONGEST_NAME ? words : words.substring(0, LONGEST_NAME) + " ...";
    }

    private ExecSpec exec(Command command) {
        // The engine changes directory by itself, and what it then says in PWD has links resolved or is missing.
        Map<String, String> environment =
                new TreeMap<>(command.cleanEnvironment() ? Map.of() : settings.withEachCommand());
        environment.putAll(command.environment());
        environment.put("PWD", command.directory());
        Command whole = new Command(command.argv(), environment, command.directory(), command.cleanEnvironment());
        return command.cleanEnvironment()
                ? new ExecSpec(whole.asCleanArgv(), Map.of(), settings.user().user(), Optional.of(command.directory()))
                : new ExecSpec(whole.argv(), environment, settings.user().user(), Optional.of(command.directory()));
    }

    /**
     * By the docker command: what a terminal needs (raw mode, its size) it has, and no library for Java. It takes a value from its own
     * environment, under a name that means nothing to itself, because it would heed proxies.
     */
    @Override
    public AtTerminal atTerminal(Command command) {
        ExecSpec spec = exec(command);
        Map<String, String> handed = new TreeMap<>();
        StringBuilder script = new StringBuilder();
        List<String> words =
                new ArrayList<>(List.of("docker", "--host", info.endpoint(), "exec", "--interactive", "--tty"));
        spec.user().ifPresent(user -> words.addAll(List.of("--user", user)));
        spec.directory().ifPresent(directory -> words.addAll(List.of("--workdir", directory)));
        new TreeMap<>(spec.environment()).forEach((name, value) -> {
            if (settings.withEachCommand().containsKey(name)) {
                handed.put(HANDED + name, value);
                words.addAll(List.of("--env", HANDED + name));
                script.append(String.format("export %1$s=\"$%2$s%1$s\"; unset %2$s%1$s; ", name, HANDED));
            } else {
                words.addAll(List.of("--env", name + "=" + value));
            }
        });
        words.add(started());
        if (!handed.isEmpty()) {
            words.addAll(List.of("/bin/sh", "-c", script + "exec \"$@\"", "sh"));
        }
        words.addAll(spec.command());
        return new AtTerminal(words, handed, false);
    }

    @Override
    public void put(String directory, TarWriter tar) throws IOException {
        String id = holder(directory);
        try {
            engine.copyInto(id, directory, tar::write);
        } catch (EngineException e) {
            throw EngineTrouble.during("sending files to " + directory + " in " + settings.name(), e);
        }
    }

    @Override
    public Map<String, String> marks(List<String> paths) {
        String id = holder(settings.root());
        Map<String, String> marks = new TreeMap<>();
        for (String path : paths) {
            calling("looking at " + path, () -> engine.mark(id, path)).ifPresent(mark -> marks.put(path, mark));
        }
        return marks;
    }

    @Override
    public InputStream get(String path) throws IOException {
        String id = holder(path);
        try {
            return engine.copyOutOf(id, path);
        } catch (EngineException e) {
            throw EngineTrouble.during("reading " + path + " in " + settings.name(), e);
        }
    }

    /** A container that has this path: the data container will do where none runs yet, if one of its volumes holds the path. */
    private String holder(String path) {
        boolean shared = path.equals(settings.root()) || path.startsWith(settings.root() + "/");
        return container == null && shared && !closed ? settings.dataContainer() : started();
    }

    /** The id of the running build container. */
    private synchronized String started() {
        if (closed) {
            throw new IllegalStateException("the workspace " + settings.name() + " is closed");
        }
        String id = container;
        if (id != null && !calling("looking after " + settings.name(), () -> runs(engine.container(settings.name())))) {
            forget(); // it gave up waiting, or somebody removed it
            id = null;
        }
        return id != null ? id : calling("starting the build container " + settings.name(), this::start);
    }

    private static boolean runs(Optional<ContainerInfo> container) {
        return container.map(ContainerInfo::running).orElse(false);
    }

    private String start() {
        if (engine.container(settings.name()).isPresent()) {
            engine.remove(settings.name());
        }
        containers.expect("the build container", settings.name());
        boolean running = false;
        try {
            String id = usualRights ? startedAs(settings.spec().withRights(Rights.USUAL)) : startedWithLeastRights();
            container = id;
            running = true;
            return id;
        } finally {
            if (!running) {
                engine.remove(settings.name());
                forget();
            }
        }
    }

    private String startedAs(ContainerSpec spec) {
        String id = engine.create(spec);
        engine.start(id);
        return id;
    }

    /** Old kernels and engines in containers cannot do all of it; that is no reason not to build. */
    private String startedWithLeastRights() {
        try {
            return startedAs(settings.spec());
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.OTHER
                    || !ABOUT_RIGHTS.matcher(String.valueOf(e.getMessage())).find()) {
                throw e;
            }
            engine.remove(settings.name());
            String id = startedAs(settings.spec().withRights(Rights.USUAL));
            usualRights = true;
            advice.accept("the engine cannot take rights from the build container, which runs with its usual ones: "
                    + e.getMessage());
            return id;
        }
    }

    private void forget() {
        container = null;
        containers.gone(settings.name());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (container != null) {
            try {
                calling("removing the build container " + settings.name(), () -> {
                    engine.remove(settings.name());
                    return true;
                });
            } finally {
                forget();
            }
        }
    }

    private static <T> T calling(String doing, java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (EngineException e) {
            throw EngineTrouble.during(doing, e);
        }
    }
}
