package io.kubebuild.io;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What may become of an archive on its way: bytes that are others, an end that is missing, blocks that come twice or not at all. */
public final class DamagedArchive {

    private static final int BLOCK = 512;

    private DamagedArchive() {}

    public static Arbitrary<byte[]> of(byte[] whole) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, whole.length - 1);
        Arbitrary<byte[]> flipped = Combinators.combine(
                        place.list().ofMinSize(1).ofMaxSize(8), Arbitraries.bytes())
                .as((places, value) -> {
                    byte[] copy = whole.clone();
                    places.forEach(at -> copy[at] = value);
                    return copy;
                });
        Arbitrary<byte[]> cut = place.map(end -> Arrays.copyOf(whole, end));
        Arbitrary<byte[]> shuffled = Arbitraries.integers()
                .between(0, (whole.length - 1) / BLOCK)
                .list()
                .ofMaxSize(40)
                .map(blocks -> blocks(whole, blocks));
        return Arbitraries.oneOf(
                flipped,
                flipped.flatMap(one -> place.map(end -> Arrays.copyOf(one, end))),
                cut,
                doubled(whole),
                shuffled);
    }

    private static Arbitrary<byte[]> doubled(byte[] whole) {
        Arbitrary<Integer> block = Arbitraries.integers().between(0, (whole.length - 1) / BLOCK);
        return Combinators.combine(block, block).as((from, to) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int middle = Math.min(Math.max(from, to) * BLOCK, whole.length);
            out.write(whole, 0, middle);
            int again = Math.min(from, to) * BLOCK;
            out.write(whole, again, whole.length - again);
            return out.toByteArray();
        });
    }

    private static byte[] blocks(byte[] whole, List<Integer> blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        blocks.forEach(at -> out.write(whole, at * BLOCK, Math.min(BLOCK, whole.length - at * BLOCK)));
        return out.toByteArray();
    }
}
