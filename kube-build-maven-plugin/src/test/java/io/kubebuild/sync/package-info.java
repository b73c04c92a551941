/** Tests of this room. */
@NullMarked
package io.kubebuild.sync;

import org.jspecify.annotations.NullMarked;
