/** Parallel gzip in pieces that are cut by content, so that what was compressed once is not compressed again. */
@NullMarked
package io.kubebuild.release.gzip;

import org.jspecify.annotations.NullMarked;
