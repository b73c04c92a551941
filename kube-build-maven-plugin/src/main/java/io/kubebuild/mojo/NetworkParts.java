package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.NoProxy;
import io.kubebuild.http.tls.Pem;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way to servers of others, read from the parameters for it and from settings.xml. */
final class NetworkParts {

    private final ParameterReader reader;
    private final KubeMojo mojo;

    NetworkParts(ParameterReader reader, KubeMojo mojo) {
        this.reader = reader;
        this.mojo = mojo;
    }

    BuildRequest.NetworkSettings read(ProxySettings settings, CredentialSource credentials, FileParameters files) {
        settings.problems().forEach(reader::problem);
        return new BuildRequest.NetworkSettings(
                proxy("kube.httpProxy", Address.text(mojo.httpProxy), settings.http()),
                proxy("kube.httpsProxy", Address.text(mojo.httpsProxy), settings.https()),
                direct(settings.noProxy()),
                new ImageParts(reader).mirrors(mojo.mirrors),
                credentials,
                new ScriptParts(reader, mojo).goProxy(),
                authorities(files));
    }

    private List<Path> authorities(FileParameters files) {
        ParameterName name = ParameterName.of("kube.ca");
        String fix = "name a file with certificates that begin with -----BEGIN CERTIFICATE-----";
        return reader.words(name, mojo.ca, FileParameters::parse, "files of this machine, separated by commas").stream()
                .flatMap(word -> FileParameters.parse(word).map(mojo.tree()::resolve).stream())
                .filter(file -> files.isReadable(name.property(), file, fix) && holdsCertificates(file, fix))
                .toList();
    }

    private boolean holdsCertificates(Path file, String fix) {
        try {
            return !Pem.certificates(file).isEmpty();
        } catch (IOException e) {
            reader.problem(new Problem("kube.ca cannot be " + file, String.valueOf(e.getMessage()), fix));
            return false;
        }
    }

    private NoProxy direct(NoProxy fallback) {
        NoProxy direct = reader.parsed(
                        ParameterName.of("kube.noProxy"),
                        mojo.noProxy,
                        hosts -> Optional.of(hosts).filter(UrlForms::areDirect),
                        "hosts such as registry.example.com, .example.com, nexus*.example.com, 10.0.0.1:5000 or"
                                + " 10.0.0.0/8, separated by commas")
                .map(NoProxy::of)
                .orElse(fallback);
        direct.inexact().forEach(text -> reader.note(new BuildListener.Fact("no proxy", text)));
        return direct;
    }

    private Optional<String> proxy(String property, @Nullable String value, Optional<String> fallback) {
        Optional<String> given = reader.parsed(
                ParameterName.of(property),
                value,
                url -> Optional.of(url).filter(u -> u.equals(ParameterReader.NONE) || UrlForms.isProxy(u)),
                "http://[USER:PASSWORD@]HOST:PORT, with %40 for an @ in a password, or none");
        return given.map(url -> url.equals(ParameterReader.NONE) ? "" : url).or(() -> fallback);
    }
}
