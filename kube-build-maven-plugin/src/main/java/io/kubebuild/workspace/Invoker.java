package io.kubebuild.workspace;

import com.sun.security.auth.module.UnixSystem;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user who runs Maven. */
public final class Invoker {

    /** Belongs to whoever asks. */
    private static final Path SELF = Path.of("/proc/self");

    private Invoker() {}

    /** Numeric ids of the user. */
    public static Owner owner() {
        return owner(SELF);
    }

    /**
     * The JDK answers 0, which is root, for a user without an entry in passwd, as containers of build servers often have; the kernel
     * does not.
     */
    static Owner owner(Path self) {
        try {
            return new Owner(
                    (Integer) Files.getAttribute(self, "unix:uid"), (Integer) Files.getAttribute(self, "unix:gid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noLinux) {
            UnixSystem me = new UnixSystem();
            return new Owner((int) me.getUid(), (int) me.getGid());
        }
    }
}
