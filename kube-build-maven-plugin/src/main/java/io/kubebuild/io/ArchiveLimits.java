package io.kubebuild.io;

/**
 * How much an archive of others may hold. Each limit is far above what real ones have, and far below what harms.
 *
 * @param what how messages call the archive ({@code the cache})
 * @param entries most entries
 * @param entryBytes most bytes in one entry
 * @param totalBytes most bytes in all entries
 */
public record ArchiveLimits(String what, int entries, long entryBytes, long totalBytes) {

    private static final long GIB = 1L << 30;

    /** A release of nine platforms leaves about 60,000 entries with 12 GiB; the largest is e2e.test with 0.2 GiB. */
    public static final ArchiveLimits CACHE = new ArchiveLimits("the cache", 1_000_000, 4 * GIB, 128 * GIB);

    /** What is staged has placeholders in place of programs: a few thousand files of a few kilobytes. */
    public static final ArchiveLimits RECORDING = new ArchiveLimits("the recorded stage", 200_000, GIB, 8 * GIB);

    /** Full distributions with a C compiler have 3 GiB in 200,000 files. */
    public static final ArchiveLimits IMAGE_LAYER = new ArchiveLimits("the image layer", 2_000_000, 16 * GIB, 64 * GIB);

    /** An archive that docker saves: a few files for each layer. */
    public static final ArchiveLimits IMAGE = new ArchiveLimits("the image archive", 10_000, 64 * GIB, 128 * GIB);

    /** Go 1.26 has 15,000 files and 0.3 GiB. */
    public static final ArchiveLimits GO_SDK = new ArchiveLimits("the Go SDK", 200_000, GIB, 4 * GIB);

    /** What our own scripts leave in the workspace for us: lists, records, answers. */
    public static final ArchiveLimits ANSWER = new ArchiveLimits("the workspace's answer", 100_000, GIB, 2 * GIB);

    /** What go test prints as events, of all packages of Kubernetes about 0.5 GiB, and reports of the tree's own. */
    public static final ArchiveLimits TEST_REPORTS = new ArchiveLimits("the tests' reports", 20_000, 4 * GIB, 16 * GIB);

    /** Programs and generated sources that come out of the workspace. */
    public static final ArchiveLimits OUTPUT = new ArchiveLimits("the output", 1_000_000, 4 * GIB, 128 * GIB);
}
