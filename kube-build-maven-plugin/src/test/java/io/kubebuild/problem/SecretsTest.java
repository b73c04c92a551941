package io.kubebuild.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://jo:secret@proxy:3128                   | http://***@proxy:3128",
                "https://jo@proxy                              | https://***@proxy",
                "https://jo:p@ss@proxy/x@y                     | https://***@proxy/x@y",
                "tcp://jo:secret@host:2375                     | tcp://***@host:2375",
                "https://a:b@one,https://c:d@two,direct        | https://***@one,https://***@two,direct",
                "GET \"https://a:b@one/x\": refused by a@b.org | GET \"https://***@one/x\": refused by a@b.org",
                "http://jo:a/b@proxy                           | http://***@proxy",
                "https://one:5000/path@v1                      | https://one:5000/path@v1",
                "https://one/path@v1                           | https://one/path@v1",
                "mail jo@example.org                           | mail jo@example.org",
            })
    void userAndPasswordOfEachUrlAreHidden(String text, String shown) {
        assertThat(Secrets.hidden(text)).isEqualTo(shown);
    }

    @Test
    void noProblemShowsAPassword() {
        String url = "https://jo:secret@example.org/go.tar.gz";
        Problem problem = new Problem(url + " is not to be had", "GET " + url + ": 404", "try " + url);

        assertThat(problem.text()).contains("https://***@example.org").doesNotContain("secret");
        assertThat(KubeException.user(List.of(problem)).getMessage()).doesNotContain("secret");
    }

    @Test
    void whatIsEncodedIsHidden() {
        assertThat(Secrets.hidden(
                        "{\"HTTP_PROXY\":\"http:\\/\\/jo:secret@proxy\"} http%3A%2F%2Fjo%3Asecret%40proxy%3A3128"))
                .doesNotContain("secret")
                .contains("proxy");
    }
}
