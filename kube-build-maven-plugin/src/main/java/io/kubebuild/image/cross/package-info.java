/** The cross image, made here where it cannot be pulled. */
@NullMarked
package io.kubebuild.image.cross;

import org.jspecify.annotations.NullMarked;
