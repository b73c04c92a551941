@NullMarked
package io.kubebuild.problem;

import org.jspecify.annotations.NullMarked;
