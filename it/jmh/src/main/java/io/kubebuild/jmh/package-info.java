/** What single parts of a build cost by themselves, measured by JMH. Part of no build: {@code ./dev bench units}. */
@NullMarked
package io.kubebuild.jmh;

import org.jspecify.annotations.NullMarked;
