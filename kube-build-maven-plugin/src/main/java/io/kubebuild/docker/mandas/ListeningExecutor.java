package io.kubebuild.docker.mandas;

import java.io.IOException;
import java.net.URI;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Hears an engine that answers before it has read everything: it says what is wrong (a full disk, a broken archive) and
 * hangs up, and the plain executor would only tell of a broken pipe.
 */
final class ListeningExecutor extends HttpRequestExecutor {

    /** Attribute of a request's context: an encoded part of its query that only the engine gets to see. */
    static final String UNSEEN_QUERY = "kubebuild.unseen-query";

    @Override
    protected @Nullable HttpResponse doSendRequest(
            HttpRequest request, HttpClientConnection connection, HttpContext context)
            throws IOException, HttpException {
        try {
            return super.doSendRequest(whole(request, context), connection, context);
        } catch (TarEntity.SourceFailure e) {
            throw e;
        } catch (IOException e) {
            return lastWords(connection, e);
        }
    }

    /** The request as it was meant: what the client above must not know it has never seen, so that it cannot log it. */
    private static HttpRequest whole(HttpRequest request, HttpContext context) {
        if (!(context.getAttribute(UNSEEN_QUERY) instanceof String query)) {
            return request;
        }
        HttpRequestWrapper whole = HttpRequestWrapper.wrap(request);
        String target = request.getRequestLine().getUri();
        whole.setURI(URI.create(target + (target.contains("?") ? "&" : "?") + query));
        return whole;
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
