@NullMarked
package io.kubebuild.gotest;

import org.jspecify.annotations.NullMarked;
