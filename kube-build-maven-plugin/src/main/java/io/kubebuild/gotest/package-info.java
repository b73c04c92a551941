/** What tests said: events of {@code go test -json}, and reports of them that build servers read. */
@NullMarked
package io.kubebuild.gotest;

import org.jspecify.annotations.NullMarked;
