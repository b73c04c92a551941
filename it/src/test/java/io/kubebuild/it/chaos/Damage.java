package io.kubebuild.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Ways to damage a file; what is random comes from a seed. */
enum Damage {
    EMPTIED("emptied") {
        @Override
        byte[] of(byte[] whole, Random random) {
            return new byte[0];
        }
    },
    CUT("cut") {
        @Override
        byte[] of(byte[] whole, Random random) {
            return Arrays.copyOf(whole, whole.length == 0 ? 0 : random.nextInt(whole.length));
        }
    },
    FLIPPED("a bit flipped") {
        @Override
        byte[] of(byte[] whole, Random random) {
            byte[] other = whole.clone();
            if (other.length > 0) {
                int where = random.nextInt(other.length);
                other[where] = (byte) (other[where] ^ (1 << random.nextInt(8)));
            }
            return other;
        }
    };

    private final String text;

    Damage(String text) {
        this.text = text;
    }

    abstract byte[] of(byte[] whole, Random random);

    /** In words. */
    String text() {
        return text;
    }

    /** Damages a file in place. */
    void happensTo(Path file, long seed) throws IOException {
        Files.write(file, of(Files.readAllBytes(file), new Random(seed)));
    }
}
