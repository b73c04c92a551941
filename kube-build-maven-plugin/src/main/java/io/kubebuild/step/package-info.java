/** The six steps in order, and the pipeline that runs them in one process. */
@NullMarked
package io.kubebuild.step;

import org.jspecify.annotations.NullMarked;
