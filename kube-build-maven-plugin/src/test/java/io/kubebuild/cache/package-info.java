/** Tests of this room. */
@NullMarked
package io.kubebuild.cache;

import org.jspecify.annotations.NullMarked;
