package io.kubebuild.workspace;

/** Exit codes of commands that did not end by themselves: shells, engines and Java give 128 and the number of the signal. */
public final class ExitCode {

    /** What {@code timeout} gives when the time is over. */
    private static final int TIMEOUT = 124;

    private static final int HANGUP = 129;
    private static final int INTERRUPT = 130;
    private static final int KILL = 137;
    private static final int TERMINATE = 143;

    private ExitCode() {}

    /** Whether a signal ended the command that others send. */
    public static boolean isOfSignal(int code) {
        return code == HANGUP || code == INTERRUPT || code == KILL || code == TERMINATE;
    }

    /** Whether it is that of a command which was killed, as the kernel does where memory runs out. */
    public static boolean isOfKill(int code) {
        return code == KILL;
    }

    /** The number, and who is behind it where that is known. */
    public static String inWords(int code) {
        return switch (code) {
            case TIMEOUT -> code + " (a time limit, as timeout gives it)";
            case HANGUP -> code + " (SIGHUP: its terminal or session was closed)";
            case INTERRUPT -> code + " (SIGINT: the user interrupted it)";
            case KILL -> code + " (SIGKILL: the kernel for want of memory, or whoever killed it or its container)";
            case TERMINATE -> code + " (SIGTERM: an engine that is stopped, or whoever ended it or its container)";
            default -> String.valueOf(code);
        };
    }

    /**
     * What to do.
     *
     * @param usual where the command ended by itself
     */
    public static String fix(int code, String usual) {
        return switch (code) {
            case TIMEOUT -> "see in the lines above what took so long, or raise the limit in the script that sets it";
            case HANGUP, INTERRUPT -> "run it again";
            case KILL ->
                "give the engine or this machine more memory, raise -Dkube.memory if it is set, or use fewer CPUs; then run it"
                        + " again";
            case TERMINATE -> "see that the engine runs (docker info), then run it again";
            default -> usual;
        };
    }
}
