/** The engine port on org.mandas:docker-client; the only room that imports that library. */
@NullMarked
package io.kubebuild.docker.mandas;

import org.jspecify.annotations.NullMarked;
