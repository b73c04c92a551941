package io.kubebuild.docker.mandas;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of bytes that come in pieces: a piece may end within a line, and within a character. */
final class Lines {

    /** A line that grows past this is passed on in parts, so that a program that prints no line ends cannot fill the memory. */
    static final int LONGEST_BYTES = 1 << 20;

    private final Consumer<String> output;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    Lines(Consumer<String> output) {
        this.output = output;
    }

    void add(byte[] bytes, int offset, int length) {
        int start = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                rest.write(bytes, start, i - start);
                deliver();
                start = i + 1;
            } else if (rest.size() + i - start >= LONGEST_BYTES && isCharacterStart(bytes[i])) {
                rest.write(bytes, start, i - start);
                deliver();
                start = i;
            }
        }
        rest.write(bytes, start, end - start);
    }

    /** Nothing more comes: what is left is a line without an end. */
    void end() {
        if (rest.size() > 0) {
            deliver();
        }
    }

    private void deliver() {
        String line = rest.toString(StandardCharsets.UTF_8);
        rest.reset();
        output.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }

    private static boolean isCharacterStart(byte value) {
        return (value & 0xC0) != 0x80;
    }
}
