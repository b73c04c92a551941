package io.kubebuild.image.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes tar entries whose every byte depends on nothing but what is written: owner 0:0 without names, one time for all.
 *
 * <p>commons-compress encodes the headers; its own stream is not used because it puts the user's name into PAX headers and
 * cannot write attributes that are no text.
 */
final class TarSink {

    static final int BLOCK = 512;

    /** What the size field of a plain header can say. */
    private static final long MOST_BYTES = 1L << 33;

    private static final int LONGEST_NAME = 99;

    private final OutputStream out;
    private final Instant time;

    TarSink(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    void directory(String name, int mode) throws IOException {
        entry(name.endsWith("/") ? name : name + "/", TarConstants.LF_DIR, mode, 0, "", Map.of());
    }

    void link(String name, String target) throws IOException {
        entry(name, TarConstants.LF_SYMLINK, 0777, 0, target, Map.of());
    }

    void bytes(String name, int mode, byte[] content) throws IOException {
        entry(name, TarConstants.LF_NORMAL, mode, content.length, "", Map.of());
        out.write(content);
        pad(content.length);
    }

    /** @param attributes PAX records; values are bytes */
    void file(String name, int mode, Path file, Map<String, byte[]> attributes) throws IOException {
        long size = Files.size(file);
        entry(name, TarConstants.LF_NORMAL, mode, size, "", attributes);
        long written = Files.copy(file, out);
        if (written != size) {
            throw new IOException(file + " changed while it was read");
        }
        pad(size);
    }

    /** Two empty blocks. */
    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private void entry(String name, byte type, int mode, long size, String link, Map<String, byte[]> attributes)
            throws IOException {
        Map<String, byte[]> records = new TreeMap<>(attributes);
        if (utf8(name).length > LONGEST_NAME || !isAscii(name)) {
            records.put("path", utf8(name));
        }
        if (utf8(link).length > LONGEST_NAME || !isAscii(link)) {
            records.put("linkpath", utf8(link));
        }
        if (size >= MOST_BYTES) {
            records.put("size", utf8(Long.toString(size)));
        }
        if (!records.isEmpty()) {
            byte[] body = pax(records);
            out.write(header(
                    "PaxHeaders.0/" + shortened(last(name)),
                    TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                    0644,
                    body.length,
                    ""));
            out.write(body);
            pad(body.length);
        }
        out.write(header(shortened(name), type, mode, Math.min(size, MOST_BYTES - 1), shortened(link)));
    }

    /** One header block; name and link have to fit. */
    byte[] header(String name, byte type, int mode, long size, String link) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setMode(mode);
        entry.setSize(size);
        entry.setModTime(java.nio.file.attribute.FileTime.from(time));
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setLinkName(link);
        byte[] header = new byte[BLOCK];
        entry.writeEntryHeader(header);
        return header;
    }

    /** Records of the form {@code length key=value\n}, where length counts its own digits, too. */
    private static byte[] pax(Map<String, byte[]> records) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            int bare = utf8(record.getKey()).length + record.getValue().length + 3;
            int length = bare + Integer.toString(bare).length();
            length = bare + Integer.toString(length).length();
            body.write(utf8(length + " " + record.getKey() + "="));
            body.write(record.getValue());
            body.write('\n');
        }
        return body.toByteArray();
    }

    private static String shortened(String name) {
        StringBuilder ascii = new StringBuilder();
        name.chars().map(c -> c < 128 ? c : '_').forEach(c -> ascii.append((char) c));
        return ascii.length() <= LONGEST_NAME ? ascii.toString() : ascii.substring(0, LONGEST_NAME);
    }

    private static String last(String name) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.length() > 80 ? last.substring(0, 80) : last;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
