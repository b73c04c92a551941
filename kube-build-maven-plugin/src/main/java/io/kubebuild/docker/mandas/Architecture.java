package io.kubebuild.docker.mandas;

import java.util.Locale;

/** Names of processor architectures: engines pass on the kernel's, Kubernetes wants Go's. */
final class Architecture {

    private Architecture() {}

    static String inGoWords(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "x86_64", "x86-64" -> "amd64";
            case "i386", "i486", "i586", "i686", "x86" -> "386";
            case "aarch64", "armv8", "armv8l" -> "arm64";
            case "armhf", "armel", "armv6l", "armv7l" -> "arm";
            case "loongarch64" -> "loong64";
            default -> lower;
        };
    }
}
