package io.kubebuild.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The port to a Docker engine: what the plugin needs of it, and no more.
 *
 * <p>Calls are thread-safe and have no read timeout, because compilers are silent for minutes. Every method throws {@link
 * EngineException} when the engine refuses or cannot be reached; removing what is not there is no error.
 */
public interface Engine extends AutoCloseable {

    /** Who answers: endpoint, version, architecture, capacity. */
    EngineInfo info();

    /** The image of that reference or id, if the engine has it. */
    Optional<ImageInfo> image(String reference);

    /** References ({@code repository:tag}) of the images of one repository. */
    List<String> imageTags(String repository);

    /**
     * Pulls one image.
     *
     * @param platform {@code linux/arm64}, or empty for the engine's own
     * @param credentials what to show the registry, if anything
     */
    void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress);

    /** Gives an image another name. */
    void tag(String reference, String newReference);

    /** Removes one name of an image, and the image with its last name. */
    void removeImage(String reference);

    /** Builds an image with the engine's classic builder; never pulls unless asked. Returns the image's id. */
    String build(ImageBuild build, Consumer<String> output);

    /** Streams {@code docker save} of the references; the caller reads it to its end or closes it. */
    InputStream save(List<String> references) throws IOException;

    /** {@code docker load} of an archive file. */
    void load(Path archive);

    /** Creates a container and returns its id; it is not started. */
    String create(ContainerSpec spec);

    void start(String container);

    /** Waits for a container to end and returns its exit code. */
    int await(String container) throws InterruptedException;

    /** A container by name or id, running or not. */
    Optional<ContainerInfo> container(String nameOrId);

    /** All containers, running or not, whose name begins so. */
    List<ContainerInfo> containers(String namePrefix);

    /** The last lines that a container printed. */
    String logs(String container, int lastLines);

    /** Kills a container that runs; nothing happens to one that does not. */
    void kill(String container);

    /** Kills and removes a container, with its anonymous volumes. */
    void remove(String container);

    /** Extracts a tar stream below a directory of the container (which may be stopped); owners are those of the tar. */
    void copyInto(String container, String directory, TarWriter tar) throws IOException;

    /** Reads a path of the container as a tar stream; entry names begin with the path's last name. Closing early is fine. */
    InputStream copyOutOf(String container, String path) throws IOException;

    /**
     * A text that is another one after the file was written to, made of its size, mode and time of modification; empty where there
     * is no such path or container. The container may be stopped.
     */
    Optional<String> mark(String container, String path);

    /**
     * Runs a command in a running container and returns its exit code, once it has really ended.
     *
     * @param output called with each line of standard output and standard error, without the line end
     */
    int exec(String container, ExecSpec spec, Consumer<String> output) throws InterruptedException;

    @Override
    void close();

    /** Writes one tar stream; called once. */
    @FunctionalInterface
    interface TarWriter {
        void write(java.io.OutputStream out) throws IOException;
    }

    /**
     * A command in a container.
     *
     * @param environment added to the container's own
     * @param user {@code uid:gid}, or empty for the container's
     * @param directory where to run, or empty for the container's working directory
     */
    record ExecSpec(
            List<String> command, Map<String, String> environment, Optional<String> user, Optional<String> directory) {
        public ExecSpec {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }
}
