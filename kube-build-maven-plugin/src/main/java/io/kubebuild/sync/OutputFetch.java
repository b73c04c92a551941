package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Brings files from a workspace that are not on the host. Many binaries of one directory come as one stream: to ask for one file takes
 * the engine a fifth of a second.
 */
final class OutputFetch {

    /** Instead of a hash that nobody needs yet. */
    static final String UNKNOWN = "";

    /** Fewer binaries of a directory are asked for one by one: others may lie there that nobody wants. */
    private static final int MANY = 8;

    /** A directory comes as a whole if what of it is wanted is so many times as much as what stands. */
    private static final int SPARED = 4;

    private final OutputStreams streams;
    private final CopyRecord record;
    private final BuildListener listener;
    private final Map<CopyCandidate, String> written = new HashMap<>();
    private long total;
    private long done;

    /** @param record takes what is equal on both sides afterwards */
    OutputFetch(OutputStreams streams, CopyRecord record, BuildListener listener) {
        this.streams = streams;
        this.record = record;
        this.listener = listener;
    }

    /**
     * Fetches.
     *
     * @param wanted what is not on the host, with the hash in the workspace as far as it is known
     * @param all the same and what stands
     * @return the files that were written
     */
    List<Path> fetch(Map<CopyCandidate, String> wanted, List<CopyCandidate> all)
            throws IOException, InterruptedException {
        total = wanted.keySet().stream()
                .mapToLong(candidate -> candidate.found().size())
                .sum();
        Map<String, CopyCandidate> sources = new LinkedHashMap<>();
        Map<String, Map<String, CopyCandidate>> directories = new LinkedHashMap<>();
        for (CopyCandidate candidate : wanted.keySet()) {
            if (candidate.binary()) {
                directories
                        .computeIfAbsent(candidate.directory(), directory -> new LinkedHashMap<>())
                        .put(candidate.name(), candidate);
            } else {
                sources.put(candidate.from(), candidate);
            }
        }
        for (Map.Entry<String, Map<String, CopyCandidate>> directory : directories.entrySet()) {
            binaries(directory.getKey(), directory.getValue(), all);
        }
        if (!sources.isEmpty()) {
            streams.files(sources.keySet(), (name, in) -> write(Objects.requireNonNull(sources.get(name)), in));
        }
        return taken(wanted);
    }

    private void binaries(String directory, Map<String, CopyCandidate> wanted, List<CopyCandidate> all)
            throws IOException {
        long bytes = size(wanted.values());
        long standing = size(all.stream()
                        .filter(CopyCandidate::binary)
                        .filter(candidate -> candidate.directory().equals(directory))
                        .toList())
                - bytes;
        if (wanted.size() >= MANY && bytes >= SPARED * standing) {
            streams.filesIn(
                    directory, wanted.keySet(), (name, in) -> binary(Objects.requireNonNull(wanted.get(name)), in));
            return;
        }
        for (CopyCandidate candidate : wanted.values()) {
            streams.file(candidate.from(), in -> binary(candidate, in));
        }
    }

    private static long size(Collection<CopyCandidate> candidates) {
        return candidates.stream()
                .mapToLong(candidate -> candidate.found().size())
                .sum();
    }

    private void binary(CopyCandidate candidate, InputStream in) throws IOException {
        write(candidate, in);
        done += candidate.found().size();
        listener.on(new BuildListener.Progress("copying outputs", done, total));
    }

    private void write(CopyCandidate candidate, InputStream in) throws IOException {
        DigestInputStream hashing = new DigestInputStream(in, Sha256.digest());
        candidate
                .to()
                .replace(hashing, candidate.found().mode(), candidate.found().mtime());
        written.put(
                candidate, HexFormat.of().formatHex(hashing.getMessageDigest().digest()));
    }

    private List<Path> taken(Map<CopyCandidate, String> wanted) throws IOException {
        List<Path> changed = new ArrayList<>();
        for (Map.Entry<CopyCandidate, String> entry : wanted.entrySet()) {
            CopyCandidate candidate = entry.getKey();
            Path file = candidate.to().file();
            String hash = Objects.requireNonNull(written.get(candidate));
            if (!entry.getValue().equals(UNKNOWN) && !entry.getValue().equals(hash)) {
                throw new IOException(candidate.from() + " changed in the workspace while it was copied");
            }
            record.equal(file, candidate.found(), FileStat.of(file), hash);
            changed.add(file);
        }
        return changed;
    }
}
