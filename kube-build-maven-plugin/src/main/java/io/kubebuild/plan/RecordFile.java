package io.kubebuild.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what the recording go wrote: NUL-delimited, the directory, the number of arguments, the arguments, and then the
 * environment; and takes the recorder's own traces out of it.
 */
final class RecordFile {

    /** Proxies may carry credentials, every site has others, and a compile fetches nothing: everything is in {@code vendor/}. */
    private static final Set<String> PROXIES = Set.of(
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "FTP_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "ftp_proxy",
            "all_proxy",
            "no_proxy");

    /** Set by shell and make to the path of the recording tool that they ran. */
    private static final Set<String> NAMES_OF_TOOLS = Set.of("_", "MAKE", "MAKE_COMMAND");

    private final String toolDirectory;

    /** {@code toolDirectory} is the recorder's own entry of PATH. */
    RecordFile(String toolDirectory) {
        this.toolDirectory = toolDirectory;
    }

    /** Throws IllegalArgumentException where the bytes are no record. */
    GoCommand parse(byte[] bytes) {
        // The last field may lack its NUL, empty fields count: hence no split() without a limit.
        List<String> fields = List.of(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
        if (fields.size() < 2) {
            throw new IllegalArgumentException("a record of " + bytes.length + " bytes");
        }
        int arguments = Integer.parseInt(fields.get(1));
        if (arguments < 0 || arguments > fields.size() - 2) {
            throw new IllegalArgumentException("a record of " + arguments + " arguments that has others");
        }
        List<String> argv = new ArrayList<>(List.of("go"));
        argv.addAll(fields.subList(2, 2 + arguments));

        SortedMap<String, String> environment = new TreeMap<>();
        for (String variable : fields.subList(2 + arguments, fields.size())) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        environment.keySet().removeAll(PROXIES);
        // Where modules come from is the workspace's to say, like the proxies; "off" is said by the scripts.
        environment.computeIfPresent("GOPROXY", (name, value) -> value.equals("off") ? value : null);
        environment
                .keySet()
                .removeIf(name -> NAMES_OF_TOOLS.contains(name)
                        && environment.getOrDefault(name, "").startsWith(toolDirectory));
        environment.computeIfPresent("PATH", (name, path) -> Stream.of(path.split(":", -1))
                .filter(entry -> !entry.equals(toolDirectory))
                .collect(Collectors.joining(":")));
        return new GoCommand(fields.get(0), environment, argv);
    }
}
