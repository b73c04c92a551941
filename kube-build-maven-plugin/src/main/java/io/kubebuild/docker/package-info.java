/** The port to a Docker engine, and how its endpoint is found. */
@NullMarked
package io.kubebuild.docker;

import org.jspecify.annotations.NullMarked;
