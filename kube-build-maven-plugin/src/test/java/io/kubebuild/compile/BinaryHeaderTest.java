package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryHeaderTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, 3, linux/386",
        "1, 1, 40, linux/arm",
        "2, 1, 62, linux/amd64",
        "2, 1, 183, linux/arm64",
        "2, 1, 21, linux/ppc64le",
        "2, 2, 21, linux/ppc64",
        "2, 2, 22, linux/s390x",
        "2, 1, 62, freebsd/amd64"
    })
    void readsElf(int width, int order, int machine, String platform) {
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        bytes.putInt(0x7f454c46).put((byte) width).put((byte) order);
        bytes.order(order == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).putShort(18, (short) machine);

        assertThat(BinaryHeader.parse(bytes.array()))
                .hasValueSatisfying(
                        header -> assertThat(header.runsOn(of(platform))).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "0xfeedfacf, 0x01000007, darwin/amd64",
        "0xfeedfacf, 0x0100000c, darwin/arm64",
        "0xfeedface, 7, darwin/386"
    })
    void readsMachO(String magic, String cpu, String platform) {
        ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(Long.decode(magic).intValue()).putInt(Integer.decode(cpu));

        assertThat(BinaryHeader.parse(bytes.array()))
                .hasValueSatisfying(
                        header -> assertThat(header.runsOn(of(platform))).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"0x8664, windows/amd64", "0x14c, windows/386", "0xaa64, windows/arm64"})
    void readsPe(String machine, String platform) {
        ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 'M').put((byte) 'Z').putInt(0x3c, 0x80).putInt(0x80, 0x4550);
        bytes.putShort(0x84, (short) (int) Integer.decode(machine));

        assertThat(BinaryHeader.parse(bytes.array()))
                .hasValueSatisfying(
                        header -> assertThat(header.runsOn(of(platform))).isTrue());
    }

    @Test
    void tellsAForeignProgramFromARightOne() {
        BinaryHeader arm64 = new BinaryHeader(BinaryHeader.Format.ELF, "arm64");

        assertThat(arm64.runsOn(of("linux/arm64"))).isTrue();
        assertThat(arm64.runsOn(of("linux/amd64"))).isFalse();
        assertThat(arm64.runsOn(of("darwin/arm64"))).isFalse();
        assertThat(arm64.runsOn(of("windows/arm64"))).isFalse();
        assertThat(arm64).hasToString("ELF arm64");
    }

    @Test
    void whatIsNoProgramHasNoHeader() {
        assertThat(BinaryHeader.parse(new byte[0])).isEqualTo(Optional.empty());
        assertThat(BinaryHeader.parse("#!/bin/sh\n".repeat(20).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
        byte[] dos = new byte[100];
        dos[0] = 'M';
        dos[1] = 'Z';
        dos[0x3c] = 99;
        assertThat(BinaryHeader.parse(dos)).isEmpty();
    }

    private static Platform of(String platform) {
        return Platform.parse(platform).orElseThrow();
    }
}
