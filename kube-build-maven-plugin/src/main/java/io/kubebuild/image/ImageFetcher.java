package io.kubebuild.image;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.BackOff;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes images present in the engine, under the names that the tree has for them.
 *
 * <p>Mirrors are asked first, the image's own registry last. What a mirror gave gets the tree's name; an image that was there
 * before keeps its names whenever the fetch fails. An image for another platform is never accepted.
 *
 * <p>A name with a digest cannot be given: engines refuse, since it says where an image came from. Such an image stays under the
 * mirror's name with that digest, which the engine has verified, and is found there.
 */
public final class ImageFetcher {

    private static final Pattern TRANSIENT = Pattern.compile(
            "timeout|timed out|deadline exceeded|connection (?:reset|refused)|broken pipe|unexpected eof|\\beof\\b"
                    + "|temporary failure|too many requests|toomanyrequests|\\b(?:429|500|502|503|504)\\b",
            Pattern.CASE_INSENSITIVE);

    private final Engine engine;
    private final Mirrors mirrors;
    private final CredentialSource credentials;
    private final PullPolicy policy;
    private final boolean offline;
    private final BackOff backOff;
    private final BuildListener listener;

    /** @param offline whether nothing may be fetched ({@code mvn -o}), whatever the policy is */
    public ImageFetcher(
            Engine engine,
            Mirrors mirrors,
            CredentialSource credentials,
            PullPolicy policy,
            boolean offline,
            BackOff backOff,
            BuildListener listener) {
        this.engine = engine;
        this.mirrors = mirrors;
        this.credentials = credentials;
        this.policy = policy;
        this.offline = offline;
        this.backOff = backOff;
        this.listener = listener;
    }

    /**
     * Makes all of them present.
     *
     * @return what the engine has for each
     * @throws KubeException with a problem for every image that cannot be had
     */
    public Map<WantedImage, ImageInfo> ensure(Collection<WantedImage> wanted) {
        Map<WantedImage, ImageInfo> present = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        boolean mayPull = policy != PullPolicy.NEVER && !offline;
        for (WantedImage image : wanted) {
            Optional<ImageInfo> there = there(image);
            if (there.filter(image::isMetBy).isPresent() && (policy != PullPolicy.ALWAYS || !mayPull)) {
                present.put(image, there.get());
            } else if (mayPull) {
                fetch(image, there, problems).ifPresent(info -> present.put(image, info));
            } else {
                problems.add(missing(image, there));
            }
        }
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
        return present;
    }

    private Optional<ImageInfo> there(WantedImage image) {
        Optional<ImageInfo> there = engine.image(name(image));
        if (there.isPresent() || !isPinned(image)) {
            return there;
        }
        // A digest means the same image wherever it came from.
        return mirrors.candidates(image.reference()).stream()
                .flatMap(candidate -> engine.image(candidate.toString()).stream())
                .filter(image::isMetBy)
                .findFirst();
    }

    private static boolean isPinned(WantedImage image) {
        return image.reference().digest().isPresent();
    }

    private Optional<ImageInfo> fetch(WantedImage image, Optional<ImageInfo> before, List<Problem> problems) {
        List<String> tried = new ArrayList<>();
        for (ImageReference candidate : mirrors.candidates(image.reference())) {
            Optional<String> failure = pull(image, candidate, before);
            if (failure.isEmpty()) {
                return there(image);
            }
            tried.add(candidate + ": " + failure.get());
        }
        problems.add(new Problem(
                "image " + image.reference() + " (" + image.purpose() + ", " + image.platform() + ") cannot be fetched",
                String.join("\n", tried),
                waysToBring(image)));
        return Optional.empty();
    }

    /** Pulls from one place; gives the reason if that did not bring the image. */
    private Optional<String> pull(WantedImage image, ImageReference candidate, Optional<ImageInfo> before) {
        boolean own = candidate.equals(image.reference());
        String name = own ? name(image) : candidate.toString();
        Optional<ImageInfo> thereUnderThatName = own ? before : engine.image(name);
        Optional<String> failure = pullPatiently(image, candidate, name);
        if (failure.isPresent()) {
            return failure;
        }
        Optional<ImageInfo> pulled = engine.image(name);
        if (pulled.isEmpty()) {
            return Optional.of("the engine pulled it but does not have it");
        }
        if (!image.isMetBy(pulled.get())) {
            restore(image, name, thereUnderThatName);
            return Optional.of("it gave an image for " + platform(pulled.get()));
        }
        if (!own && !isPinned(image)) {
            engine.tag(pulled.get().id(), name(image));
            restore(image, name, thereUnderThatName);
        }
        listener.on(new BuildListener.Fact("image", image.reference() + (own ? " fetched" : " fetched from " + name)));
        return Optional.empty();
    }

    /** A name means again what it meant before. */
    private void restore(WantedImage image, String name, Optional<ImageInfo> before) {
        if (before.isEmpty()) {
            engine.removeImage(name);
        } else if (!isPinned(image)) {
            engine.tag(before.get().id(), name);
        }
    }

    private Optional<String> pullPatiently(WantedImage image, ImageReference candidate, String name) {
        Optional<RegistryCredentials> shown = credentials.find(candidate);
        for (int attempt = 0; ; attempt++) {
            try {
                engine.pull(
                        name,
                        Optional.of(image.platform()),
                        shown,
                        line -> listener.on(new BuildListener.Detail(name + ": " + line)));
                return Optional.empty();
            } catch (EngineException e) {
                if (e.kind() == EngineException.Kind.UNREACHABLE || e.kind() == EngineException.Kind.NO_SPACE) {
                    throw e;
                }
                String said = String.valueOf(e.getMessage());
                if (attempt >= backOff.pauses().size() || !isTransient(e, said)) {
                    return Optional.of(said
                            + toldAbout(candidate, shown, e)
                            + (attempt > 0 ? " (" + (attempt + 1) + " attempts)" : ""));
                }
                pause(name, said, backOff.pauses().get(attempt));
            }
        }
    }

    private static String toldAbout(ImageReference candidate, Optional<RegistryCredentials> shown, EngineException e) {
        if (String.valueOf(e.getMessage()).contains("x509:")) {
            return " (the engine asks by itself, and kube.ca is not for it: on its machine the issuer's certificate belongs"
                    + " into /etc/docker/certs.d/" + candidate.registry() + "/ca.crt)";
        }
        if (e.kind() != EngineException.Kind.UNAUTHORIZED) {
            return "";
        }
        return shown.map(value -> " (with the credentials of " + value.source() + ")")
                .orElse(" (no credentials of this registry in settings.xml or docker's configuration)");
    }

    private static boolean isTransient(EngineException e, String said) {
        return e.kind() == EngineException.Kind.OTHER
                && TRANSIENT.matcher(said.toLowerCase(Locale.ROOT)).find();
    }

    private void pause(String name, String said, Duration pause) {
        listener.on(new BuildListener.Detail(
                "pulling " + name + " failed (" + said + "); again in " + pause.toSeconds() + " s"));
        try {
            backOff.sleeper().sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("interrupted while fetching " + name, "", "run the build again", e);
        }
    }

    private Problem missing(WantedImage image, Optional<ImageInfo> there) {
        String why = offline ? "Maven is offline (-o)" : "kube.pull=never";
        String state = there.map(info -> "is for " + platform(info) + ", not " + image.platform())
                .orElse("is not in the engine");
        return new Problem(
                "image " + image.reference() + " (" + image.purpose() + ", " + image.platform() + ") " + state,
                why + ": nothing is fetched",
                waysToBring(image));
    }

    private static String platform(ImageInfo info) {
        return info.os() + "/" + info.architecture() + (info.variant().isEmpty() ? "" : "/" + info.variant());
    }

    private static String waysToBring(WantedImage image) {
        String name = name(image);
        String registry = image.reference().registry();
        return "one of: docker pull --platform " + image.platform() + " " + name
                + "\nname a mirror: -Dkube.mirrors=" + registry + "=<mirror>"
                + "\ncopy it from a machine that has it: docker save " + name
                + " | docker load, or docker load -i <file>"
                + (image.purpose().equals(WantedImage.CROSS_IMAGE)
                        ? "\nmake it here: mvn kube:cross-image -Dkube.cross.goSdk=<Go SDK> -Dkube.cross.baseImage=<image>"
                        : "\nbuild it yourself and name it: docker tag <image> " + name);
    }

    private static String name(WantedImage image) {
        return image.reference().familiar();
    }
}
