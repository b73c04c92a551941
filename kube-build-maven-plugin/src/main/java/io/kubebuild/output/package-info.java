/** What builds leave on the host: the output directory, records in it, and how files looked. */
@NullMarked
package io.kubebuild.output;

import org.jspecify.annotations.NullMarked;
