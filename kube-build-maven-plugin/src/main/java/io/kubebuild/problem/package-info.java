/** What can go wrong, as values with <em>what</em>, <em>why</em> and <em>fix</em>. */
@NullMarked
package io.kubebuild.problem;

import org.jspecify.annotations.NullMarked;
