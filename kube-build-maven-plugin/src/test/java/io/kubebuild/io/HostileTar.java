package io.kubebuild.io;

import io.kubebuild.io.RawTar.Header;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * An archive as somebody would make it who wishes the host ill.
 *
 * @param name what it tries
 * @param plot what it holds beside what its reader looks for
 */
public record HostileTar(String name, Plot plot) {

    /** Adds what is hostile. */
    @FunctionalInterface
    interface Plot {
        void into(RawTar tar, Bait bait);
    }

    /**
     * What a reader takes, and what it must not touch.
     *
     * @param before plain files that it needs, by their names
     * @param directory what entries that it looks at begin with: {@code go/}, or nothing
     * @param wanted a file that it surely reads
     * @param outside a directory with a file {@code secret}
     */
    public record Bait(Map<String, String> before, String directory, String wanted, Path outside) {

        public Bait {
            before = new LinkedHashMap<>(before);
        }

        /** An archive that the reader takes. */
        public byte[] plain() {
            RawTar tar = new RawTar();
            before.forEach((name, content) ->
                    tar.entry(new Header(name, '0').mode(0755), content.getBytes(StandardCharsets.UTF_8)));
            return tar.bytes();
        }

        private String in(String name) {
            return directory + name;
        }

        private String secret() {
            return outside.resolve("secret").toString();
        }
    }

    /** Made for one reader. */
    public byte[] bytes(Bait bait) {
        RawTar tar = new RawTar();
        bait.before().forEach((name, content) -> {
            if (!name.equals(bait.wanted())) {
                tar.entry(new Header(name, '0').mode(0755), content.getBytes(StandardCharsets.UTF_8));
            }
        });
        plot.into(tar, bait);
        if (bait.before().containsKey(bait.wanted())) {
            tar.file(bait.wanted(), bait.before().getOrDefault(bait.wanted(), ""));
        }
        return tar.bytes();
    }

    @Override
    public String toString() {
        return name;
    }

    /** All kinds that are known. */
    public static Stream<HostileTar> all() {
        List<HostileTar> all = new ArrayList<>();
        paths(all);
        links(all);
        kinds(all);
        names(all);
        sizes(all);
        numbers(all);
        damages(all);
        return all.stream();
    }

    private static void add(List<HostileTar> all, String name, Plot plot) {
        all.add(new HostileTar(name, plot));
    }

    private static void paths(List<HostileTar> all) {
        add(all, "absolute path", (tar, bait) -> tar.file(bait.outside() + "/new", "x"));
        add(all, "absolute path of a file that is there", (tar, bait) -> tar.file(bait.secret(), "x"));
        for (int up = 1; up <= 4; up++) {
            String dots = "../".repeat(up);
            add(all, up + " directories up", (tar, bait) -> tar.file(bait.in(dots + "escaped"), "x"));
            add(all, up + " directories up by a PAX header", (tar, bait) -> tar.pax("path", bait.in(dots + "escaped"))
                    .file("harmless", "x"));
        }
        add(all, "up after a directory", (tar, bait) -> tar.directory(bait.in("a"))
                .file(bait.in("a/../../escaped"), "x"));
        add(all, "up at the end", (tar, bait) -> tar.file(bait.in("a/.."), "x"));
        add(all, "up from nowhere", (tar, bait) -> tar.file("../escaped", "x").file("../../escaped", "x"));
        add(all, "up by backslashes", (tar, bait) -> tar.file(bait.in("..\\..\\escaped"), "x"));
        add(all, "up by a global PAX header", (tar, bait) -> tar.global("path", bait.in("../../escaped"))
                .file(bait.in("harmless"), "x"));
        add(all, "up by a long name of GNU", (tar, bait) -> tar.gnu('L', bait.in("../../../escaped"))
                .file("harmless", "x"));
        add(all, "no name", (tar, bait) -> tar.entry(new Header("", '0')).file(bait.in(""), "x"));
        add(all, "the directory itself", (tar, bait) -> tar.file(".", "x")
                .file("./", "x")
                .file("/", "x"));
        add(all, "empty names within", (tar, bait) -> tar.file(bait.in("a//b"), "x")
                .file(bait.in("./c"), "x"));
    }

    private static void links(List<HostileTar> all) {
        add(all, "file through a link", (tar, bait) -> tar.link(
                        bait.in("l"), bait.outside().toString())
                .file(bait.in("l/secret"), "x"));
        add(all, "new file through a link", (tar, bait) -> tar.link(
                        bait.in("l"), bait.outside().toString())
                .file(bait.in("l/new"), "x"));
        add(all, "file in place of a link", (tar, bait) -> tar.link(bait.in("l"), bait.secret())
                .file(bait.in("l"), "x"));
        add(all, "chain of links", (tar, bait) -> tar.link(bait.in("a"), "b")
                .link(bait.in("b"), bait.outside().toString())
                .file(bait.in("a/secret"), "x"));
        add(all, "link up, then a file through it", (tar, bait) -> tar.link(bait.in("up"), "../../..")
                .file(bait.in("up/escaped"), "x"));
        add(all, "directory, then a link in its place", (tar, bait) -> tar.directory(bait.in("d"))
                .link(bait.in("d"), bait.outside().toString())
                .file(bait.in("d/new"), "x"));
        add(all, "links in a circle", (tar, bait) -> tar.link(bait.in("a"), "b")
                .link(bait.in("b"), "a")
                .file(bait.in("a/x"), "x"));
        add(all, "wanted file is a link", (tar, bait) -> tar.link(bait.wanted(), bait.secret()));
        add(all, "wanted file is a hard link", (tar, bait) -> tar.hardLink(bait.wanted(), bait.secret()));
        add(
                all,
                "wanted file is a hard link upwards",
                (tar, bait) -> tar.hardLink(bait.wanted(), "../../outside/secret"));
        add(all, "wanted file is a link by a PAX header", (tar, bait) -> tar.pax("linkpath", bait.secret())
                .link(bait.wanted(), "harmless"));
        add(all, "wanted file is a link by a long name of GNU", (tar, bait) -> tar.gnu('K', bait.secret())
                .link(bait.wanted(), "harmless"));
        add(all, "hard link", (tar, bait) -> tar.hardLink(bait.in("h"), bait.secret())
                .file(bait.in("h"), "x"));
        add(all, "hard link to a link", (tar, bait) -> tar.link(bait.in("l"), bait.secret())
                .hardLink(bait.in("h"), bait.in("l")));
        add(all, "hard link through a link", (tar, bait) -> tar.link(
                        bait.in("l"), bait.outside().toString())
                .hardLink(bait.in("h"), bait.in("l/secret")));
        add(all, "file, link, file", (tar, bait) -> tar.file(bait.wanted(), "x")
                .link(bait.wanted(), bait.secret())
                .file(bait.wanted(), "x"));
        add(all, "link without a target", (tar, bait) -> tar.link(bait.in("l"), ""));
        add(all, "link whose target has a NUL", (tar, bait) -> tar.pax("linkpath", "a\0b")
                .link(bait.in("l"), "x"));
    }

    private static void kinds(List<HostileTar> all) {
        for (int mode : List.of(04755, 02755, 06777, 07777)) {
            add(all, "mode " + Integer.toOctalString(mode), (tar, bait) -> tar.entry(
                            new Header(bait.in("suid"), '0').mode(mode), new byte[] {'x'})
                    .entry(new Header(bait.wanted(), '0').mode(mode), new byte[] {'x'}));
        }
        add(all, "directory that anybody may write", (tar, bait) -> tar.entry(
                        new Header(bait.in("d/"), '5').mode(07777))
                .file(bait.in("d/f"), "x"));
        add(all, "directory that nobody may enter", (tar, bait) -> tar.entry(new Header(bait.in("d/"), '5').mode(0))
                .file(bait.in("d/f"), "x"));
        for (char type : new char[] {'3', '4', '6', '7', 'Z', 'D', 'M', 'V'}) {
            add(all, "entry of type " + type, (tar, bait) -> tar.entry(new Header(bait.in("odd"), type)));
            add(all, "wanted file is of type " + type, (tar, bait) -> tar.entry(new Header(bait.wanted(), type)));
        }
        add(all, "file as a directory", (tar, bait) -> tar.file(bait.in("f"), "x")
                .file(bait.in("f/x"), "x"));
        add(all, "wanted file as a directory", (tar, bait) -> tar.directory(bait.wanted())
                .file(bait.wanted() + "/x", "x"));
        add(all, "everything twice", (tar, bait) -> bait.before()
                .forEach((name, text) -> tar.file(name, text).file(name, "another")));
        add(all, "whiteouts", (tar, bait) -> {
            for (String name : List.of(".wh.x", ".wh..wh..opq", ".wh.", ".wh...", ".wh.../x", "a/.wh.../secret")) {
                tar.file(bait.in(name), "");
            }
            tar.file(".wh...", "").file(".wh./../escaped", "");
        });
    }

    private static void names(List<HostileTar> all) {
        for (String name : List.of(
                "a\0b",
                "\u001b[2J\u001b[31mred",
                "a\n[INFO] BUILD SUCCESS\r\n",
                "\u009b31m",
                "\u202egpj.exe",
                "\u007f\b\b")) {
            add(
                    all,
                    "name with "
                            + name.codePoints()
                                    .filter(c -> c < ' ' || c > '~')
                                    .boxed()
                                    .toList(),
                    (tar, bait) -> tar.pax("path", bait.in(name)).file("x", "x"));
        }
        add(all, "target with escapes", (tar, bait) -> tar.link(bait.in("l"), "/\u001b[2J\n\u001b]0;title\u0007"));
        add(all, "directory with escapes", (tar, bait) -> tar.directory(bait.in("\u001b[2J/../x")));
        add(all, "name of 5,000 letters", (tar, bait) -> tar.file(bait.in("n".repeat(5000)), "x"));
        add(all, "name of 300 letters", (tar, bait) -> tar.file(bait.in("n".repeat(300)), "x"));
        add(all, "name of 200 letters that take 3 bytes each", (tar, bait) -> tar.file(bait.in("€".repeat(200)), "x"));
        add(all, "2,000 directories deep", (tar, bait) -> tar.file(bait.in("d/".repeat(2000) + "f"), "x"));
        add(all, "250 directories deep", (tar, bait) -> tar.file(bait.in("d/".repeat(250) + "f"), "x"));
        add(all, "names that differ in case", (tar, bait) -> tar.file(bait.in("Name"), "x")
                .link(bait.in("name"), bait.secret())
                .file(bait.in("NAME"), "x"));
        add(all, "names of one look", (tar, bait) -> tar.file(bait.in("\u00fc"), "x")
                .file(bait.in("u\u0308"), "x"));
        byte[] odd = {'\u00ff' - 256, (byte) 0xfe, (byte) 0xc3, '/', (byte) 0xed, (byte) 0xa0, (byte) 0x80};
        add(all, "name that is not UTF-8", (tar, bait) -> {
            byte[] directory = bait.directory().getBytes(StandardCharsets.UTF_8);
            byte[] name = Arrays.copyOf(directory, directory.length + odd.length);
            System.arraycopy(odd, 0, name, directory.length, odd.length);
            tar.entry(new Header(name, '0'), new byte[] {'x'});
        });
        add(all, "half a letter", (tar, bait) -> tar.pax("path", bait.in("\ud83d"))
                .file("x", "x"));
    }

    private static void sizes(List<HostileTar> all) {
        add(all, "100,000 entries", (tar, bait) -> {
            for (int i = 0; i < 100_000; i++) {
                tar.directory(bait.in("d"));
            }
        });
        add(all, "claims exabytes", (tar, bait) -> tar.entry(new Header(bait.wanted(), '0').size(1L << 62)));
        add(all, "claims exabytes by a PAX header", (tar, bait) -> tar.pax("size", "9223372036854775807")
                .file(bait.wanted(), "x"));
        add(all, "claims less than nothing", (tar, bait) -> tar.entry(new Header(bait.wanted(), '0').size(-1)));
        add(all, "claims less than nothing by a PAX header", (tar, bait) -> tar.pax("size", "-512")
                .file(bait.wanted(), "x"));
        add(all, "size is no number", (tar, bait) -> tar.entry(new Header(bait.wanted(), '0').sizeText("99999999999")));
        for (char type : new char[] {'x', 'g', 'L', 'K'}) {
            add(
                    all,
                    "header of 700 MB of type " + type,
                    (tar, bait) -> tar.entry(
                            new Header("h", type).size(700L << 20),
                            "734003200 path=".repeat(70_000).getBytes(StandardCharsets.US_ASCII)));
        }
        add(all, "10,000 headers in a row", (tar, bait) -> {
            for (int i = 0; i < 10_000; i++) {
                tar.entry(new Header("h", 'x'));
            }
        });
        add(
                all,
                "sparse file of GNU",
                (tar, bait) -> tar.entry(
                        new Header(bait.wanted(), 'S')
                                .bytes(386, "00000000000\00000000000001\0".getBytes(StandardCharsets.US_ASCII))
                                .bytes(483, "77777777777\0".getBytes(StandardCharsets.US_ASCII)),
                        new byte[] {'x'}));
        add(all, "sparse file of PAX 0.1", (tar, bait) -> tar.pax("GNU.sparse.map", "0,1,99999999999,1")
                .pax("GNU.sparse.size", "100000000000")
                .file(bait.wanted(), "xy"));
        add(all, "sparse file of PAX 1.0", (tar, bait) -> tar.entry(
                        new Header("pax", 'x'),
                        "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n38 GNU.sparse.realsize=1000000000000\n"
                                .getBytes(StandardCharsets.US_ASCII))
                .file(bait.wanted(), "1\n0\n1\n"));
    }

    private static void numbers(List<HostileTar> all) {
        BigInteger two = BigInteger.TWO;
        add(
                all,
                "time before 1970",
                (tar, bait) ->
                        tar.entry(new Header(bait.wanted(), '0').time(BigInteger.valueOf(-86_400)), new byte[] {'x'}));
        add(
                all,
                "time beyond all",
                (tar, bait) -> tar.entry(new Header(bait.wanted(), '0').time(two.pow(62)), new byte[] {'x'}));
        for (String time : List.of("-9223372036854775808", "1e999999999", "1e-999999999", "NaN", "31556889864403200")) {
            add(all, "time " + time, (tar, bait) -> tar.pax("mtime", time).file(bait.wanted(), "x"));
        }
        add(
                all,
                "owner beyond 2^31",
                (tar, bait) -> tar.entry(
                        new Header(bait.wanted(), '0').owner(two.pow(31).add(BigInteger.ONE)), new byte[] {'x'}));
        add(
                all,
                "owner below 0",
                (tar, bait) ->
                        tar.entry(new Header(bait.wanted(), '0').owner(BigInteger.valueOf(-2)), new byte[] {'x'}));
        add(all, "owner beyond all by a PAX header", (tar, bait) -> tar.pax("uid", "99999999999999999999")
                .file(bait.wanted(), "x"));
        add(all, "attribute without a length", (tar, bait) -> tar.entry(
                        new Header("pax", 'x'), "path=x\n".getBytes(StandardCharsets.US_ASCII))
                .file(bait.wanted(), "x"));
    }

    private static void damages(List<HostileTar> all) {
        add(
                all,
                "cut in a header",
                (tar, bait) -> tar.raw(
                        Arrays.copyOf(new RawTar().file(bait.wanted(), "x").withoutEnd(), 300)));
        add(all, "cut in a file", (tar, bait) -> tar.entry(new Header(bait.wanted(), '0').size(100_000), new byte[10]));
        add(all, "an end in the middle", (tar, bait) -> tar.raw(new byte[1024]).file(bait.in("after"), "x"));
        add(all, "garbage", (tar, bait) -> {
            byte[] garbage = new byte[10_000];
            new Random(1).nextBytes(garbage);
            tar.raw(garbage);
        });
        add(all, "nothing", (tar, bait) -> {});
    }
}
