/** What is compiled: platforms, targets and the go commands recorded from the tree's own scripts. */
@NullMarked
package io.kubebuild.plan;

import org.jspecify.annotations.NullMarked;
