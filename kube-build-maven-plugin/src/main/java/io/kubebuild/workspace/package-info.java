/** The port for where commands run: takes sources in, runs commands, hands outputs back. */
@NullMarked
package io.kubebuild.workspace;

import org.jspecify.annotations.NullMarked;
