/** The workspace on a Docker engine: a data container and a build container. */
@NullMarked
package io.kubebuild.workspace.container;

import org.jspecify.annotations.NullMarked;
