/** The build image: its context, and when the engine has to build it. */
@NullMarked
package io.kubebuild.image.build;

import org.jspecify.annotations.NullMarked;
