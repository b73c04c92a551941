package io.kubebuild.step;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The host's name as upstream's scripts see it in HOSTNAME, which bash sets by itself where nobody else did. */
final class HostName {

    /** What gethostname(2) says on Linux, without asking a name server as Java's own way does. */
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    static String of(Map<String, String> environment) {
        String variable = environment.getOrDefault("HOSTNAME", "");
        if (!variable.isEmpty()) {
            return variable;
        }
        try {
            return Files.readString(KERNEL).strip();
        } catch (IOException noLinux) {
            return fromNetwork();
        }
    }

    private static String fromNetwork() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
