package io.kubebuild.image.dockerfile;

/** A Dockerfile says something that only the engine's builder can do; never leaves this package. */
final class NotUnderstoodException extends Exception {

    private static final long serialVersionUID = 1L;

    NotUnderstoodException(Instruction instruction, String why) {
        super(instruction + ": " + why);
    }
}
