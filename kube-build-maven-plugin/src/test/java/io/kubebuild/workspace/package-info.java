/** Tests of this room. */
@NullMarked
package io.kubebuild.workspace;

import org.jspecify.annotations.NullMarked;
