/** Server images: assembled from base layers and a layer of ours, or built by the engine where that is not understood. */
@NullMarked
package io.kubebuild.image.server;

import org.jspecify.annotations.NullMarked;
