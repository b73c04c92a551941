/** Fingerprints of a step's inputs, and the record of what a step left behind. */
@NullMarked
package io.kubebuild.fingerprint;

import org.jspecify.annotations.NullMarked;
