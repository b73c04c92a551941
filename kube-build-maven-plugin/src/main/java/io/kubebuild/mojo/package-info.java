/** Maven's side: parameters in, an immutable request, one call, errors translated. Maven lives here only. */
@NullMarked
package io.kubebuild.mojo;

import org.jspecify.annotations.NullMarked;
