/** Tests of this room. */
@NullMarked
package io.kubebuild.workspace.container;

import org.jspecify.annotations.NullMarked;
