/** What a change of sources can reach: which programs, and whether the generated sources. */
@NullMarked
package io.kubebuild.reach;

import org.jspecify.annotations.NullMarked;
