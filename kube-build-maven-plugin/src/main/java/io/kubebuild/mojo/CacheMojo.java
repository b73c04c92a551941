package io.kubebuild.mojo;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** What the goals that export and import a cache have in common: its file. */
abstract class CacheMojo extends KubeMojo {

    /**
     * The file of the goals <code>kube:cache-export</code> and <code>kube:cache-import</code>, relative to the tree if relative.
     * Default: <code>kube-build-cache.tar.zst</code> in the output directory.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.cache.file")
    @Nullable
    String cacheFile;

    private Optional<Path> file = Optional.empty();

    /** For a Mojo of this package. */
    CacheMojo() {}

    /** The file that was named. */
    final Optional<Path> file() {
        return file;
    }

    /** The file, as fits what is done with it. */
    abstract Optional<Path> file(FileParameters files, ParameterName name);

    @Override
    void readMore(ParameterReader reader) {
        file = file(files(reader), ParameterName.of("kube.cache.file"));
    }
}
