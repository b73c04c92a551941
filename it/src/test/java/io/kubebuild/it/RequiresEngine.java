package io.kubebuild.it;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The test needs a Docker engine. The rule is that of the plugin's own tests: skipped with one line where none answers, failed
 * with {@code -Dkube.test.engine=required}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresEngine.Condition.class)
public @interface RequiresEngine {

    /** Asks the engine. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String address = EngineSocket.address();
            // Another engine than a local one was named on purpose; the builds will say it if it does not answer.
            if (!address.startsWith("unix://") || answers(address)) {
                return ConditionEvaluationResult.enabled("a Docker engine answers at " + address);
            }
            String line = "no Docker engine answers at " + address + "; bring one up with: ./dev engine";
            if ("required".equals(System.getProperty("kube.test.engine"))) {
                throw new IllegalStateException("kube.test.engine=required, but " + line);
            }
            return ConditionEvaluationResult.disabled(line);
        }

        private static boolean answers(String address) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(address.substring("unix://".length())));
                channel.write(ByteBuffer.wrap(
                        "GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer start = ByteBuffer.allocate(64);
                channel.read(start);
                return new String(start.array(), 0, start.position(), StandardCharsets.US_ASCII).contains(" 200 ");
            } catch (IOException e) {
                return false;
            }
        }
    }
}
