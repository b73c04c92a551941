/** Stages and tarballs of a release. */
@NullMarked
package io.kubebuild.release;

import org.jspecify.annotations.NullMarked;
