/**
 * The ground floor for files: writing whole or not at all, never through a link that others made, and reading archives of others
 * within limits. Nobody else opens files for writing.
 */
@NullMarked
package io.kubebuild.io;

import org.jspecify.annotations.NullMarked;
