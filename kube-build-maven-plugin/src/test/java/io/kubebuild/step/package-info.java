@NullMarked
package io.kubebuild.step;

import org.jspecify.annotations.NullMarked;
