/**
 * The engine port on org.mandas:docker-client; the only room that imports that library.
 *
 * <p>What the library does well goes through its typed calls. What it cannot do goes over the same connections as plain
 * requests ({@link io.kubebuild.docker.mandas.EngineHttp}): variables and directories of an exec, the platform of a pull, tar
 * streams that are written rather than read, answers that are closed before their end, and fields that it does not know.
 */
@NullMarked
package io.kubebuild.docker.mandas;

import org.jspecify.annotations.NullMarked;
