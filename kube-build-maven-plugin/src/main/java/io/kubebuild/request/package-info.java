/** What a build is asked to do: fixed before it starts, and known to every step. */
@NullMarked
package io.kubebuild.request;

import org.jspecify.annotations.NullMarked;
