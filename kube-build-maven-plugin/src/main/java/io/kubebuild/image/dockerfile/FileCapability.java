package io.kubebuild.image.dockerfile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Capabilities of a program file, as {@code setcap} gives them.
 *
 * @param permitted one bit per capability
 * @param inheritable one bit per capability
 * @param effective whether what is permitted is in effect at once
 */
public record FileCapability(long permitted, long inheritable, boolean effective) {

    /** Capabilities in the order of their numbers (linux/capability.h). */
    private static final List<String> NAMES = List.of(
            "cap_chown",
            "cap_dac_override",
            "cap_dac_read_search",
            "cap_fowner",
            "cap_fsetid",
            "cap_kill",
            "cap_setgid",
            "cap_setuid",
            "cap_setpcap",
            "cap_linux_immutable",
            "cap_net_bind_service",
            "cap_net_broadcast",
            "cap_net_admin",
            "cap_net_raw",
            "cap_ipc_lock",
            "cap_ipc_owner",
            "cap_sys_module",
            "cap_sys_rawio",
            "cap_sys_chroot",
            "cap_sys_ptrace",
            "cap_sys_pacct",
            "cap_sys_admin",
            "cap_sys_boot",
            "cap_sys_nice",
            "cap_sys_resource",
            "cap_sys_time",
            "cap_sys_tty_config");

    private static final Pattern CLAUSE = Pattern.compile("([a-z_,]+)(?:\\+|=\\+?)([eip]+)");
    private static final int REVISION_2 = 0x02000000;
    private static final int EFFECTIVE = 1;

    /** Reads one clause of setcap ({@code cap_net_bind_service=+ep}); empty where it is of another form. */
    public static Optional<FileCapability> parse(String clause) {
        Matcher matcher = CLAUSE.matcher(clause.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bits = 0;
        for (String name : matcher.group(1).split(",", -1)) {
            int number = NAMES.indexOf(name);
            if (number < 0) {
                return Optional.empty();
            }
            bits |= 1L << number;
        }
        String flags = matcher.group(2);
        return Optional.of(new FileCapability(
                flags.indexOf('p') >= 0 ? bits : 0, flags.indexOf('i') >= 0 ? bits : 0, flags.indexOf('e') >= 0));
    }

    /** The value of the extended attribute {@code security.capability}: 20 bytes, VFS_CAP_REVISION_2. */
    public byte[] attribute() {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(REVISION_2 | (effective ? EFFECTIVE : 0))
                .putInt((int) permitted)
                .putInt((int) inheritable)
                .putInt((int) (permitted >>> 32))
                .putInt((int) (inheritable >>> 32))
                .array();
    }
}
