package io.kubebuild.docker.mandas;

import java.io.IOException;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Hears an engine that answers before it has read everything: it says what is wrong (a full disk, a broken archive) and
 * hangs up, and the plain executor would only tell of a broken pipe.
 */
final class ListeningExecutor extends HttpRequestExecutor {

    @Override
    protected @Nullable HttpResponse doSendRequest(
            HttpRequest request, HttpClientConnection connection, HttpContext context)
            throws IOException, HttpException {
        try {
            return super.doSendRequest(request, connection, context);
        } catch (TarEntity.SourceFailure e) {
            throw e;
        } catch (IOException e) {
            return lastWords(connection, e);
        }
    }

    private static HttpResponse lastWords(HttpClientConnection connection, IOException broken) throws IOException {
        try {
            HttpResponse response = connection.receiveResponseHeader();
            if (response.getStatusLine().getStatusCode() < 200) {
                throw broken;
            }
            connection.receiveResponseEntity(response);
            // Half a request lies in the pipe: nothing more may follow it.
            response.setHeader("Connection", "close");
            return response;
        } catch (IOException | HttpException e) {
            if (e != broken) {
                broken.addSuppressed(e);
            }
            throw broken;
        }
    }
}
