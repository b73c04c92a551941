/** The workspace on this machine, without an engine: its own Go, and a copy of the sources. */
@NullMarked
package io.kubebuild.workspace.host;

import org.jspecify.annotations.NullMarked;
