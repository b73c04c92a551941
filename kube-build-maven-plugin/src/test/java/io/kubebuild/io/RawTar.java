package io.kubebuild.io;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tar archives block by block, those among them that no program would write. */
public final class RawTar {

    private static final int BLOCK = 512;
    private static final int SHORT_NAME = 100;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** One header; what is not said is what a plain file has. */
    public static final class Header {

        private final byte[] block = new byte[BLOCK];
        private boolean sized;

        public Header(String name, char type) {
            this(name.getBytes(StandardCharsets.UTF_8), type);
        }

        public Header(byte[] name, char type) {
            put(0, SHORT_NAME, name);
            octal(100, 8, 0644);
            octal(108, 8, 0);
            octal(116, 8, 0);
            octal(136, 12, 1_600_000_000L);
            block[156] = (byte) type;
            put(257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        }

        public Header mode(int mode) {
            octal(100, 8, mode);
            return this;
        }

        /** In the form for numbers that octal digits have no room for. */
        public Header owner(BigInteger id) {
            binary(108, 8, id);
            binary(116, 8, id);
            return this;
        }

        public Header size(long size) {
            binary(124, 12, BigInteger.valueOf(size));
            sized = true;
            return this;
        }

        /** Whatever stands in the field. */
        public Header sizeText(String text) {
            put(124, 12, text.getBytes(StandardCharsets.US_ASCII));
            sized = true;
            return this;
        }

        public Header time(BigInteger time) {
            binary(136, 12, time);
            return this;
        }

        public Header target(String target) {
            put(157, SHORT_NAME, target.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public Header bytes(int at, byte[] bytes) {
            put(at, bytes.length, bytes);
            return this;
        }

        private void put(int at, int length, byte[] bytes) {
            Arrays.fill(block, at, at + length, (byte) 0);
            System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
        }

        private void octal(int at, int length, long value) {
            put(at, length, String.format("%0" + (length - 1) + "o", value).getBytes(StandardCharsets.US_ASCII));
        }

        private void binary(int at, int length, BigInteger value) {
            byte[] field = new byte[length];
            Arrays.fill(field, value.signum() < 0 ? (byte) 0xff : 0);
            byte[] number = value.toByteArray();
            System.arraycopy(number, 0, field, length - number.length, number.length);
            field[0] = value.signum() < 0 ? (byte) 0xff : (byte) 0x80;
            put(at, length, field);
        }

        private byte[] with(int content) {
            if (!sized) {
                octal(124, 12, content);
            }
            Arrays.fill(block, 148, 156, (byte) ' ');
            int sum = 0;
            for (byte b : block) {
                sum += b & 0xff;
            }
            put(148, 8, String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
            return block;
        }
    }

    public RawTar entry(Header header, byte[] content) {
        out.writeBytes(header.with(content.length));
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    public RawTar entry(Header header) {
        return entry(header, new byte[0]);
    }

    public RawTar file(String name, byte[] content) {
        longName(name);
        return entry(new Header(name, '0'), content);
    }

    public RawTar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public RawTar directory(String name) {
        longName(name + "/");
        return entry(new Header(name + "/", '5').mode(0755));
    }

    /** Symbolic. */
    public RawTar link(String name, String target) {
        return linked('2', name, target);
    }

    public RawTar hardLink(String name, String target) {
        return linked('1', name, target);
    }

    private RawTar linked(char type, String name, String target) {
        longName(name);
        if (target.getBytes(StandardCharsets.UTF_8).length > SHORT_NAME) {
            pax("linkpath", target);
        }
        return entry(new Header(name, type).target(target));
    }

    private void longName(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > SHORT_NAME) {
            pax("path", name);
        }
    }

    /** An attribute of the next entry. */
    public RawTar pax(String key, String value) {
        return entry(new Header("pax", 'x'), record(key, value));
    }

    /** An attribute of all entries that follow. */
    public RawTar global(String key, String value) {
        return entry(new Header("global", 'g'), record(key, value));
    }

    private static byte[] record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.getBytes(StandardCharsets.UTF_8).length;
        int whole = length + String.valueOf(length).length();
        whole = length + String.valueOf(whole).length();
        return (whole + rest).getBytes(StandardCharsets.UTF_8);
    }

    /** GNU's way to long names ({@code L}) and link targets ({@code K}). */
    public RawTar gnu(char type, String text) {
        return entry(new Header("././@LongLink", type), (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    public RawTar raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] withoutEnd() {
        return out.toByteArray();
    }

    public byte[] bytes() {
        byte[] blocks = out.toByteArray();
        return Arrays.copyOf(blocks, blocks.length + 2 * BLOCK);
    }
}
