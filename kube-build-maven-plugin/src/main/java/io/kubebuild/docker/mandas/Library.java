package io.kubebuild.docker.mandas;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.util.Map;
import org.glassfish.jersey.apache.connector.ApacheClientProperties;
import org.glassfish.jersey.apache.connector.ApacheConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.JerseyClientBuilder;
import org.glassfish.jersey.jackson.JacksonFeature;
import org.jspecify.annotations.Nullable;
import org.mandas.docker.client.DefaultDockerClient;
import org.mandas.docker.client.DockerClient;
import org.mandas.docker.client.ObjectMapperProvider;
import org.mandas.docker.client.auth.RegistryAuthSupplier;
import org.mandas.docker.client.exceptions.DockerException;
import org.mandas.docker.client.messages.RegistryAuth;
import org.mandas.docker.client.messages.RegistryConfigs;

/** The client library's typed calls, with its exceptions translated. */
final class Library implements AutoCloseable {

    private final Transport transport;
    private final String apiVersion;
    private @Nullable DockerClient client;

    /**
     * @param transport connections; never by way of a proxy, which would have to reach the same socket
     * @param apiVersion pinned, because the library does not negotiate ({@code 1.41})
     */
    Library(Transport transport, String apiVersion) {
        this.transport = transport;
        this.apiVersion = apiVersion;
    }

    /** Made when it is first needed: that takes a good part of the time of a build that has nothing to do. */
    private synchronized DockerClient client() {
        if (client == null) {
            // The library's own builder cannot do without the process environment, and knows no pool but its own.
            ClientConfig config = new ClientConfig(JacksonFeature.class)
                    .connectorProvider(new ApacheConnectorProvider())
                    .property(ApacheClientProperties.CONNECTION_MANAGER, transport.connections())
                    .property(ApacheClientProperties.CONNECTION_MANAGER_SHARED, "true")
                    .property(ApacheClientProperties.REQUEST_CONFIG, EngineHttp.PATIENT)
                    .register(ObjectMapperProvider.class);
            client = new DefaultDockerClient(
                    "v" + apiVersion,
                    new NoCredentials(),
                    transport.base(),
                    new JerseyClientBuilder().withConfig(config).build(),
                    Map.of());
        }
        return client;
    }

    /** Makes one call; {@code what} names it in messages. */
    <T> T call(String what, Call<T> call) {
        try {
            return call.on(client());
        } catch (DockerException e) {
            throw Refusal.of(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Kind.OTHER, what + ": interrupted", e);
        }
    }

    /** Makes one call that has no answer. */
    void run(String what, Action action) {
        call(what, docker -> {
            action.on(docker);
            return true;
        });
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }

    /** A call of the library with an answer. */
    @FunctionalInterface
    interface Call<T> {
        T on(DockerClient docker) throws DockerException, InterruptedException;
    }

    /** A call of the library without one. */
    @FunctionalInterface
    interface Action {
        void on(DockerClient docker) throws DockerException, InterruptedException;
    }

    /** Keeps the library from reading docker's configuration and running the credential helpers named there. */
    private static final class NoCredentials implements RegistryAuthSupplier {

        @Override
        public @Nullable RegistryAuth authFor(String imageName) {
            return null;
        }

        @Override
        public @Nullable RegistryAuth authForSwarm() {
            return null;
        }

        @Override
        public @Nullable RegistryConfigs authForBuild() {
            return null;
        }
    }
}
