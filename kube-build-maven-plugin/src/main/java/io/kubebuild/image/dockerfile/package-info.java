/** The part of the Dockerfile language that server images are written in, read into recipes. */
@NullMarked
package io.kubebuild.image.dockerfile;

import org.jspecify.annotations.NullMarked;
