package io.kubebuild.workspace.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Go SDKs for tests, which answer what they are asked and compile nothing. */
final class Sdks {

    private Sdks() {}

    static GoSdk make(Path root, String version) throws IOException {
        Files.createDirectories(root.resolve("bin"));
        program(
                root.resolve("bin/go"),
                "case $1 in version) echo go version " + version + " linux/amd64 ;; env) echo \"" + root
                        + "\" ;; esac");
        return new GoSdk(root, version, "linux/amd64");
    }

    static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
