/** Images: the cross image, the build image, server images and where their bases come from. */
@NullMarked
package io.kubebuild.image;

import org.jspecify.annotations.NullMarked;
