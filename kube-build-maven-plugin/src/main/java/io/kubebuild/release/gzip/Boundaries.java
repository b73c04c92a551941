package io.kubebuild.release.gzip;

import java.util.Random;

/**
 * Cuts a stream into chunks by what stands before each cut (a gear hash over the last 64 bytes), so that the same file gives the
 * same chunks wherever in a stream it lies, but for those at its ends.
 */
final class Boundaries {

    /** Smaller chunks would compress worse, and there would be more of them to look after. */
    static final int SHORTEST = 256 << 10;

    /** A stream of one repeated byte would never be cut. */
    static final int LONGEST = 2 << 20;

    /** One place in half a million is a cut; the highest bits depend on the most bytes. */
    private static final long MASK = 0xffff_e000_0000_0000L;

    /** {@link Random} gives the same numbers for a seed on every JVM. */
    private static final long[] GEAR = new Random(20_140_607).longs(256).toArray();

    private long hash;
    private int length;

    /**
     * Takes bytes up to the next cut.
     *
     * @return how many were taken; the chunk ends there if {@link #atCut} says so
     */
    int take(byte[] bytes, int from, int end) {
        int limit = Math.min(end, from + LONGEST - length);
        int at = Math.min(limit, from + Math.max(0, SHORTEST - Long.SIZE - length));
        length += at - from;
        long gear = hash;
        int start = at;
        while (at < limit) {
            gear = (gear << 1) + GEAR[bytes[at++] & 0xff];
            if ((gear & MASK) == 0 && length + at - start >= SHORTEST) {
                break;
            }
        }
        length += at - start;
        hash = gear;
        return at - from;
    }

    /** Whether a chunk ends where the last {@link #take} ended. */
    boolean atCut() {
        return length == LONGEST || (length >= SHORTEST && (hash & MASK) == 0);
    }

    void next() {
        hash = 0;
        length = 0;
    }
}
