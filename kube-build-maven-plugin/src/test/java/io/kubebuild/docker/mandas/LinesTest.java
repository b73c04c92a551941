package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class LinesTest {

    @Property
    void areTheSameHoweverTheBytesAreCut(
            @ForAll @Size(max = 6) List<String> texts, @ForAll @IntRange(min = 1, max = 7) int cut) {
        List<String> expected = texts.stream()
                // Unpaired surrogates have no UTF-8 form.
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .map(text -> text.replace("\n", "").replace("\r", ""))
                .toList();
        byte[] bytes = expected.stream()
                .map(line -> line + "\n")
                .reduce("", String::concat)
                .getBytes(StandardCharsets.UTF_8);
        List<String> heard = new ArrayList<>();
        Lines lines = new Lines(heard::add);

        for (int at = 0; at < bytes.length; at += cut) {
            lines.add(bytes, at, Math.min(cut, bytes.length - at));
        }
        lines.end();

        assertThat(heard).isEqualTo(expected);
    }

    @Test
    void passOnALineWithoutAnEnd() {
        List<String> heard = new ArrayList<>();
        Lines lines = new Lines(heard::add);

        add(lines, "a\r\n\nb");
        assertThat(heard).containsExactly("a", "");
        lines.end();
        lines.end();
        assertThat(heard).containsExactly("a", "", "b");
    }

    @Test
    void cutALineThatNeverEndsBetweenCharacters() {
        List<String> heard = new ArrayList<>();
        Lines lines = new Lines(heard::add);

        add(lines, "x" + "\u00e9".repeat(Lines.LONGEST_BYTES));
        lines.end();

        assertThat(heard).hasSizeGreaterThan(1);
        assertThat(String.join("", heard)).isEqualTo("x" + "\u00e9".repeat(Lines.LONGEST_BYTES));
    }

    @Test
    void ofTheTwoOutputsAreNotMixed() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frame(stream, 1, "out ");
        frame(stream, 2, "error\nrest");
        frame(stream, 1, "put\n");
        List<String> heard = new ArrayList<>();

        new OutputFrames(heard::add).read(new ByteArrayInputStream(stream.toByteArray()));

        assertThat(heard).containsExactly("error", "out put", "rest");
    }

    @Test
    void areDeliveredAsFarAsTheyCameWhereTheStreamBreaksOff() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frame(stream, 1, "whole\nhalf a fra");
        byte[] cut = java.util.Arrays.copyOf(stream.toByteArray(), stream.size() - 3);
        List<String> heard = new ArrayList<>();

        new OutputFrames(heard::add).read(new ByteArrayInputStream(cut));

        assertThat(heard).containsExactly("whole", "half a ");
    }

    private static void add(Lines lines, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.add(bytes, 0, bytes.length);
    }

    private static void frame(ByteArrayOutputStream out, int stream, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(8)
                .put((byte) stream)
                .putInt(4, bytes.length)
                .array());
        out.write(bytes);
    }
}
