/** Running a plan: generated files, budget, progress, failures, and the check of what came out. */
@NullMarked
package io.kubebuild.compile;

import org.jspecify.annotations.NullMarked;
