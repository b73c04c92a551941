package io.kubebuild.compile;

import io.kubebuild.tree.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/**
 * What the first bytes of a program say about where it runs.
 *
 * <p>Sources: the ELF, Mach-O and PE/COFF formats. ELF does not tell Linux from most other systems.
 *
 * @param format the file's format
 * @param arch GOARCH
 */
public record BinaryHeader(Format format, String arch) {

    /** How many bytes {@link #parse} wants to see. */
    public static final int BYTES = 1024;

    /** File formats. */
    public enum Format {
        ELF,
        MACH_O,
        PE;

        private boolean isOf(String os) {
            return switch (os) {
                case "windows" -> this == PE;
                case "darwin", "ios" -> this == MACH_O;
                default -> this == ELF;
            };
        }
    }

    private static final int ELF_MAGIC = 0x7f454c46;
    private static final int MACH_O_32 = 0xfeedface;
    private static final int MACH_O_64 = 0xfeedfacf;
    private static final int PE_OFFSET_AT = 0x3c;

    private static final Map<Integer, String> MACH_O_CPUS =
            Map.of(7, "386", 0x01000007, "amd64", 12, "arm", 0x0100000c, "arm64");
    private static final Map<Integer, String> PE_MACHINES =
            Map.of(0x14c, "386", 0x8664, "amd64", 0x1c0, "arm", 0x1c4, "arm", 0xaa64, "arm64");

    /** Reads a header; empty where it is none of a program that we know. */
    public static Optional<BinaryHeader> parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length < 64) {
            return Optional.empty();
        }
        if (buffer.getInt(0) == ELF_MAGIC) {
            return elf(buffer);
        }
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        int magic = buffer.getInt(0);
        if (magic == MACH_O_32 || magic == MACH_O_64) {
            return header(Format.MACH_O, MACH_O_CPUS.get(buffer.getInt(4)));
        }
        if (bytes[0] == 'M' && bytes[1] == 'Z') {
            int at = buffer.getInt(PE_OFFSET_AT);
            boolean pe = at > 0 && at <= bytes.length - 6 && buffer.getInt(at) == 0x4550;
            return pe ? header(Format.PE, PE_MACHINES.get(buffer.getShort(at + 4) & 0xffff)) : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<BinaryHeader> elf(ByteBuffer buffer) {
        boolean wide = buffer.get(4) == 2;
        boolean little = buffer.get(5) == 1;
        buffer.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        String arch =
                switch (buffer.getShort(18) & 0xffff) {
                    case 3 -> "386";
                    case 8 -> (wide ? "mips64" : "mips") + (little ? "le" : "");
                    case 21 -> little ? "ppc64le" : "ppc64";
                    case 22 -> "s390x";
                    case 40 -> "arm";
                    case 62 -> "amd64";
                    case 183 -> "arm64";
                    case 243 -> "riscv64";
                    case 258 -> "loong64";
                    default -> null;
                };
        return header(Format.ELF, arch);
    }

    private static Optional<BinaryHeader> header(Format format, @org.jspecify.annotations.Nullable String arch) {
        return Optional.ofNullable(arch).map(known -> new BinaryHeader(format, known));
    }

    /** Whether a program with this header can be one for that platform. */
    public boolean runsOn(Platform platform) {
        return format.isOf(platform.os()) && arch.equals(platform.arch());
    }

    @Override
    public String toString() {
        return format + " " + arch;
    }
}
