package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilentRegistriesTest {

    private final List<String> asked = new ArrayList<>();

    @Test
    void aNameThatNobodyKnowsIsFoundOutOnceAndWithoutAskingTheRegistry() {
        SilentRegistries silent = new SilentRegistries(this::unknown, address -> true);

        assertThat(silent.reason("nexus.example:5000")).contains("no such host: nexus.example");
        assertThat(silent.reason("nexus.example:5000")).contains("no such host: nexus.example");
        assertThat(asked).containsExactly("nexus.example");
    }

    @Test
    void behindAProxyOnlyTheProxyHasToKnowTheName() {
        SilentRegistries silent = new SilentRegistries(this::unknown, address -> false);

        assertThat(silent.reason("nexus.example")).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void oneThatDidNotAnswerIsNotAskedAgain() {
        SilentRegistries silent = new SilentRegistries(asked::add, address -> true);
        silent.failed("nexus.example", new IOException(new ConnectException("Connection refused")));

        assertThat(silent.reason("nexus.example")).contains("nexus.example does not answer: Connection refused");
        assertThat(silent.reason("other.example")).isEmpty();
    }

    @Test
    void anAnswerThatIsARefusalSaysNothingAboutTheNextImage() {
        SilentRegistries silent = new SilentRegistries(asked::add, address -> true);
        silent.failed("nexus.example", new IOException("it has no image for linux/arm64"));

        assertThat(silent.reason("nexus.example")).isEmpty();
    }

    private void unknown(String host) throws UnknownHostException {
        asked.add(host);
        throw new UnknownHostException(host);
    }
}
