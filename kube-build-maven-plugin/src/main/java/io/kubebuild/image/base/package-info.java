/** Base images of server images: configuration and layers, from an engine, an archive or a registry. */
@NullMarked
package io.kubebuild.image.base;

import org.jspecify.annotations.NullMarked;
