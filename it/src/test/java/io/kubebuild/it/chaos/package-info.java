/** Builds that are disturbed in every way that could be thought of, as data: {@code ./dev chaos}. */
@NullMarked
package io.kubebuild.it.chaos;

import org.jspecify.annotations.NullMarked;
