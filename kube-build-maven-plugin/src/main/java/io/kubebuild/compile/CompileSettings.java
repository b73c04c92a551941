package io.kubebuild.compile;

import java.nio.file.Path;

/**
 * How to compile.
 *
 * @param logFile everything that the commands print goes here; replaced by every run
 */
public record CompileSettings(Path logFile) {}
