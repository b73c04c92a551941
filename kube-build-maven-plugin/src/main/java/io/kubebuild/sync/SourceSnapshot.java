package io.kubebuild.sync;

import io.kubebuild.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The sources of a tree at one moment, as far as they are sent to a workspace. */
public final class SourceSnapshot {

    /**
     * How long before a snapshot's start a file must have come to rest to be trusted next time. The file system's clock ticks
     * coarser than ours and runs behind it: some milliseconds on Linux, two seconds in the worst of formats.
     */
    private static final long CLOCK_GRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Instant started;
    private final SortedMap<String, SourceEntry> entries;
    private final String id;

    /**
     * @param started when the look at the tree began: what was modified then or later must be read again next time
     * @param entries everything found
     */
    public SourceSnapshot(Instant started, Collection<SourceEntry> entries) {
        this.started = started;
        TreeMap<String, SourceEntry> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.path(), entry));
        this.entries = Collections.unmodifiableSortedMap(sorted);
        this.id = hash(sorted.values());
    }

    /** When the look at the tree began. */
    public Instant started() {
        return started;
    }

    /** Entries by path, in the order of the paths: a directory comes before what is in it. */
    public Map<String, SourceEntry> entries() {
        return entries;
    }

    /** Before when a file must have come to rest, in nanoseconds since 1970, to be trusted at the next look. */
    long restBefore() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, started) - CLOCK_GRAIN_NANOS;
    }

    /** Whether no file need be read at the next look only because it was new at this one. */
    boolean vouchesForAll() {
        long rest = restBefore();
        return entries.values().stream()
                .allMatch(entry -> entry.type() != SourceEntry.Type.FILE
                        || (entry.stat().mtime() < rest && entry.stat().ctime() < rest));
    }

    /** One hash over paths, types, modes, contents and link targets; a file that was only touched changes nothing. */
    public String id() {
        return id;
    }

    /** Paths that differ from an earlier snapshot, in order: added, changed and removed ones. */
    public List<String> changedSince(SourceSnapshot earlier) {
        return Stream.concat(
                        entries.values().stream()
                                .filter(entry -> !same(entry, earlier))
                                .map(SourceEntry::path),
                        earlier.entries.keySet().stream().filter(path -> !entries.containsKey(path)))
                .sorted()
                .toList();
    }

    private static boolean same(SourceEntry entry, SourceSnapshot earlier) {
        SourceEntry before = earlier.entries.get(entry.path());
        return before != null && entry.sameAs(before);
    }

    private static String hash(Collection<SourceEntry> entries) {
        MessageDigest digest = Sha256.digest();
        for (SourceEntry entry : entries) {
            // NUL cannot be in a name, so that no two lists of entries give the same text.
            String mode = entry.type() == SourceEntry.Type.LINK
                    ? ""
                    : Integer.toOctalString(entry.stat().permissions());
            String line =
                    String.join("\0", entry.path(), entry.type().name(), mode, entry.target(), entry.sha256(), "");
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceSnapshot that && that.started.equals(started) && that.entries.equals(entries);
    }

    @Override
    public int hashCode() {
        return Objects.hash(started, id);
    }

    @Override
    public String toString() {
        return "SourceSnapshot[" + entries.size() + " entries, " + id + "]";
    }
}
