package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.http.HttpEntity;
import org.apache.http.NameValuePair;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.message.BasicNameValuePair;

/**
 * One request to the engine's API.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path below the API version, not encoded ({@code /images/debian:12/json})
 * @param query names and values, not encoded
 * @param unseen more of it, for the engine only: the HTTP client's log shows queries
 * @param headers names and values
 * @param body what is sent, if anything
 */
record Request(
        String method,
        String path,
        List<NameValuePair> query,
        List<NameValuePair> unseen,
        List<NameValuePair> headers,
        Optional<HttpEntity> body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    Request {
        query = List.copyOf(query);
        unseen = List.copyOf(unseen);
        headers = List.copyOf(headers);
    }

    static Request get(String path) {
        return new Request("GET", path, List.of(), List.of(), List.of(), Optional.empty());
    }

    static Request head(String path) {
        return new Request("HEAD", path, List.of(), List.of(), List.of(), Optional.empty());
    }

    static Request post(String path) {
        return new Request("POST", path, List.of(), List.of(), List.of(), Optional.empty());
    }

    static Request put(String path) {
        return new Request("PUT", path, List.of(), List.of(), List.of(), Optional.empty());
    }

    static Request delete(String path) {
        return new Request("DELETE", path, List.of(), List.of(), List.of(), Optional.empty());
    }

    Request query(String name, String value) {
        return new Request(method, path, plus(query, name, value), unseen, headers, body);
    }

    /** A part of the query that no log gets to see. */
    Request unseenQuery(String name, String value) {
        return new Request(method, path, query, plus(unseen, name, value), headers, body);
    }

    Request header(String name, String value) {
        return new Request(method, path, query, unseen, plus(headers, name, value), body);
    }

    Request body(HttpEntity value) {
        return new Request(method, path, query, unseen, headers, Optional.of(value));
    }

    Request json(Object value) {
        return body(new StringEntity(jsonText(value), ContentType.APPLICATION_JSON));
    }

    /** A value as JSON, as some query parameters and headers want it. */
    static String jsonText(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of " + value.getClass(), e);
        }
    }

    /** The request as the HTTP client takes it. */
    HttpUriRequest at(URI base, String prefix) {
        RequestBuilder builder = RequestBuilder.create(method).setUri(uri(base, prefix));
        headers.forEach(header -> builder.addHeader(header.getName(), header.getValue()));
        body.ifPresent(builder::setEntity);
        return builder.build();
    }

    private URI uri(URI base, String prefix) {
        try {
            return new URIBuilder(base)
                    .setPath(prefix + path)
                    .setParameters(query)
                    .build();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URI can be made of " + path, e);
        }
    }

    private static List<NameValuePair> plus(List<NameValuePair> list, String name, String value) {
        List<NameValuePair> longer = new ArrayList<>(list);
        longer.add(new BasicNameValuePair(name, value));
        return longer;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
