package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.release.gzip.Chunk;
import io.kubebuild.release.gzip.CompressedFiles;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What lies compressed in the tarballs of the last release. */
final class TarballChunks {

    private static final String RECORD = "tarball-chunks";

    private final BuildContext context;
    private Map<String, List<Chunk>> earlier = Map.of();

    TarballChunks(BuildContext context) {
        this.context = context;
    }

    /**
     * The record.
     *
     * @param compressor what compressed; another one may give other bytes
     * @param tarballs chunks by the name of the file that holds them
     */
    record Kept(String compressor, Map<String, List<Chunk>> tarballs) {}

    /** The tarballs as far as they are still there. By force nothing is taken from them. */
    CompressedFiles open() throws IOException {
        CompressedFiles files = new CompressedFiles();
        Optional<Kept> kept = context.forces(StepName.PACKAGE_TARBALLS)
                ? Optional.empty()
                : context.state().read(RECORD, Kept.class).filter(found -> found.compressor()
                        .equals(compressor()));
        earlier = kept.map(Kept::tarballs).orElse(Map.of());
        for (Map.Entry<String, List<Chunk>> tarball : earlier.entrySet()) {
            Path file = tarball(tarball.getKey());
            if (Files.isRegularFile(file)) {
                tarball.getValue().forEach(files.open(file));
            }
        }
        context.listener().on(new BuildListener.Detail(files.size() + " compressed chunks at hand"));
        return files;
    }

    /** Keeps the record: a tarball that was not written is the one that was there before. */
    void keep(Map<String, List<Chunk>> written) {
        Map<String, List<Chunk>> all = new TreeMap<>(earlier);
        all.putAll(written);
        all.keySet().removeIf(name -> !Files.exists(tarball(name)));
        Steps.write(context, RECORD, new Kept(compressor(), all));
    }

    private Path tarball(String name) {
        return context.output().resolve("release-tars").resolve(name);
    }

    /** The JVM brings zlib along, or takes the system's. */
    private String compressor() {
        return context.request().pluginVersion() + " " + context.request().compressionLevel() + " "
                + System.getProperty("java.home") + " " + System.getProperty("java.vm.version");
    }
}
