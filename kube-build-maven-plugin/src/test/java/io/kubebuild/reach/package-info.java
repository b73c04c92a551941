@NullMarked
package io.kubebuild.reach;

import org.jspecify.annotations.NullMarked;
